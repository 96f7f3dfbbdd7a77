// The person at the browser, when nobody is there: who is signed in, and what that person leaves ticked.
import type { Call } from '../call.ts';
import { accountNamed, accounts, type GoogleAccount } from './project.ts';
import { isIdentity } from './scopes.ts';

export function signedIn(call: Call, hint?: string): GoogleAccount {
  const switched = call.switched('account');
  const named = switched === undefined ? hint : `${switched}@example.com`;
  return accountNamed(named) ?? accounts[0];
}

/** Scopes that stay ticked. Identity scopes have no tick: they come with the sign-in. */
export function tickedByItself(call: Call, asked: readonly string[]): string[] {
  const words = call.switched('reduced-scopes');
  if (words === undefined) return [...asked];
  const dropped = words.split(',').filter((word) => word !== '');
  const drops = (scope: string) => dropped.length === 0 || dropped.some((word) => scope.includes(word));
  return asked.filter((scope) => isIdentity(scope) || !drops(scope));
}
