// The tokens of a grant's primary role.
import { primaryRole, type RoleTokens, type TokenSet } from '../model/connection.ts';

export function roleTokens(tokens: TokenSet): RoleTokens {
  const none = { access: null, tokenType: 'Bearer', expiresAt: null, issuedSeconds: null, refresh: null };
  return tokens.roles[primaryRole] ?? none;
}
