// Whether two ids name one account.

/**
 * A provider may come to say more of where an account is: `team:person` becomes `enterprise:team:person` when a workspace joins
 * an enterprise, and the person is the same.
 */
export function sameAccount(a: string | null, b: string | null): boolean {
  if (a === b) return true;
  return a !== null && b !== null && (a.endsWith(`:${b}`) || b.endsWith(`:${a}`));
}
