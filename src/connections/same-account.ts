// Whether two ids, or ids and names, name one account.
import type { Connection } from '../model/connection.ts';

/**
 * A provider may come to say more of where an account is: `team:person` becomes `enterprise:team:person` when a workspace joins
 * an enterprise, and the person is the same.
 */
export function sameAccount(a: string | null, b: string | null): boolean {
  if (a === b) return true;
  return a !== null && b !== null && (a.endsWith(`:${b}`) || b.endsWith(`:${a}`));
}

type Holder = Connection['account'];

/** Where no id is told, the names are all there is. */
export function sameHolder(before: Holder, now: Holder): boolean {
  const namesDiffer = now.id === null && before.name !== null && now.name !== null && before.name !== now.name;
  return sameAccount(before.id, now.id) && !namesDiffer;
}
