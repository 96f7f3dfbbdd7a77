// The person at the browser, when nobody is there, as an account of this Google.
import { signedIn as personSignedIn, tickedByItself as ticked } from '../authority/people.ts';
import type { Call } from '../call.ts';
import { accountNamed, accountOf, type GoogleAccount } from './project.ts';
import { isIdentity } from './scopes.ts';

export function signedIn(call: Call, hint?: string): GoogleAccount {
  return accountOf(personSignedIn(call, accountNamed(hint)?.email).email);
}

/** Scopes that stay ticked. Identity scopes have no tick: they come with the sign-in. */
export function tickedByItself(call: Call, asked: readonly string[]): string[] {
  return ticked(call, asked, isIdentity);
}
