// The people of the sandbox, the same at every provider, and what they do when nobody sits at the browser.
import type { Call } from '../call.ts';

export interface Person {
  /** What the state keeps; a family maps it to its own ids. */
  readonly key: string;
  readonly email: string;
  readonly name: string;
  readonly givenName: string;
  readonly familyName: string;
}

export const people: readonly [Person, Person] = [
  { key: 'ada', email: 'ada@example.com', name: 'Ada Lovelace', givenName: 'Ada', familyName: 'Lovelace' },
  { key: 'grace', email: 'grace@example.com', name: 'Grace Hopper', givenName: 'Grace', familyName: 'Hopper' },
];

/** By key or e-mail address. */
export function personNamed(name: string | undefined): Person | undefined {
  return people.find(({ key, email }) => key === name || email === name);
}

export function personOf(key: string): Person {
  return personNamed(key) ?? people[0];
}

/** Who is signed in: the switch `account`, else whom the client hints at, else Ada. */
export function signedIn(call: Call, hint?: string): Person {
  return personNamed(call.switched('account') ?? hint) ?? people[0];
}

/** Scopes that stay ticked. Those without a tick come along: `isFixed`. */
export function tickedByItself(call: Call, asked: readonly string[], isFixed: (scope: string) => boolean): string[] {
  const words = call.switched('reduced-scopes');
  if (words === undefined) return [...asked];
  const dropped = words.split(',').filter((word) => word !== '');
  const drops = (scope: string) => dropped.length === 0 || dropped.some((word) => scope.includes(word));
  return asked.filter((scope) => isFixed(scope) || !drops(scope));
}
