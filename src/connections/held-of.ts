// One token of a stored grant, as the protocol's room takes it.
import type { Connection, TokenSet } from '../model/connection.ts';
import type { Held } from '../oauth/held.ts';
import { roleTokens } from './role-tokens.ts';

export function heldOf({ scopes }: Pick<Connection, 'scopes'>, tokens: TokenSet, role: string): Held {
  return { role, tokens: roleTokens(tokens, role), granted: scopes.granted };
}

/** Every token of the grant, the primary first. */
export function allHeld(connection: Pick<Connection, 'scopes'>, tokens: TokenSet): readonly Held[] {
  return Object.keys(tokens.roles).map((role) => heldOf(connection, tokens, role));
}
