// The tokens of one role of a grant; the primary role's when none is named.
import { onlyRole, type RoleTokens, type TokenSet } from '../model/connection.ts';

/** The first is the primary. */
export function primaryRoleOf(tokens: TokenSet): string {
  return Object.keys(tokens.roles)[0] ?? onlyRole;
}

export function roleTokens(tokens: TokenSet, role = primaryRoleOf(tokens)): RoleTokens {
  const none = { access: null, tokenType: 'Bearer', expiresAt: null, issuedSeconds: null, refresh: null };
  return tokens.roles[role] ?? none;
}
