// A grant's tokens as the sealed part of its record holds them.
import { CliError } from '../errors.ts';
import type { RoleTokens, TokenSet } from '../model/connection.ts';
import { fromRfc3339, toRfc3339 } from '../model/instants.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { isJsonObject } from '../model/json.ts';
import { Secret } from '../model/secret.ts';

export function tokensToJson(tokens: TokenSet): JsonObject {
  const roles = Object.entries(tokens.roles).map(([role, held]) => [
    role,
    {
      access_token: held.access?.reveal() ?? null,
      token_type: held.tokenType,
      expires_at: toRfc3339(held.expiresAt),
      issued_seconds: held.issuedSeconds,
      refresh_token: held.refresh?.reveal() ?? null,
    },
  ]);
  return { roles: Object.fromEntries(roles) as JsonObject, id_token: tokens.idToken?.reveal() ?? null };
}

/** Throws `record_unreadable` when the opened part is not what `tokensToJson` writes. */
export function tokensFromJson(sealed: JsonObject, name: string): TokenSet {
  const unreadable = () =>
    new CliError('record_unreadable', `the sealed part of '${name}' is not a token set`, {
      hint: `oauthctl connect ${name}`,
    });
  if (!isJsonObject(sealed.roles)) throw unreadable();
  const roles = Object.entries(sealed.roles).map(([role, held]) => {
    if (!isJsonObject(held)) throw unreadable();
    return [role, roleFromJson(held)] as const;
  });
  return { roles: Object.fromEntries(roles), idToken: secretOrNull(sealed.id_token) };
}

function roleFromJson(held: JsonObject): RoleTokens {
  return {
    access: secretOrNull(held.access_token),
    tokenType: typeof held.token_type === 'string' ? held.token_type : 'Bearer',
    expiresAt: typeof held.expires_at === 'string' ? (fromRfc3339(held.expires_at) ?? null) : null,
    issuedSeconds: typeof held.issued_seconds === 'number' ? held.issued_seconds : null,
    refresh: secretOrNull(held.refresh_token),
  };
}

function secretOrNull(value: Json | undefined): Secret | null {
  return typeof value === 'string' && value !== '' ? new Secret(value) : null;
}
