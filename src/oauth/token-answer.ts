// What a successful answer of the token endpoint holds (RFC 6749 §5.1), role by role.
import type { RoleTokens } from '../model/connection.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { Provider, TokenRole } from '../model/provider.ts';
import { Secret } from '../model/secret.ts';
import { type Answer, valueAt } from './answer.ts';
import { readScope, readSeconds } from './shown-answer.ts';

export interface RoleAnswer {
  readonly tokens: RoleTokens;
  /** As people write them; null: the answer did not say, so it is as asked (RFC 6749 §5.1). */
  readonly scopes: readonly string[] | null;
  readonly refreshIssuedSeconds: number | null;
}

export interface Holder {
  readonly role: TokenRole;
  readonly holder: JsonObject;
}

/** The parts of the answer that hold a token, with whose it is: where several roles share a place, its type tells. */
export function holdersOf({ json }: Answer, roles: readonly TokenRole[]): readonly Holder[] {
  return roles.flatMap((role) => {
    const holder = valueAt(json, role.at);
    if (!isJsonObject(holder) || typeof holder.access_token !== 'string' || holder.access_token === '') return [];
    const type = typeof holder.token_type === 'string' ? holder.token_type.toLowerCase() : '';
    const isAnothers = roles.some((other) => other.id !== role.id && other.tokenType.toLowerCase() === type);
    return isAnothers ? [] : [{ role, holder }];
  });
}

/**
 * RFC 6749 appendix A: tokens are printable ASCII. RFC 9449 and others bind a token to a proof that was not asked for. An
 * id_token is judged by itself (identity.ts): a bad one must not cost the tokens beside it.
 */
export function oddityIn({ access_token, refresh_token, token_type }: JsonObject): string | null {
  const texts = [access_token, refresh_token].filter((value) => typeof value === 'string');
  if (texts.some((text) => /[^\x20-\x7e]/.test(text))) return 'it holds control or foreign characters';
  const type = typeof token_type === 'string' ? token_type.toLowerCase() : '';
  return ['dpop', 'pop', 'mac'].includes(type) ? 'it is bound to a proof that nobody asked for' : null;
}

export function readRole(provider: Provider, role: TokenRole, said: JsonObject, { sentAt }: Answer): RoleAnswer {
  const issuedSeconds = readSeconds(said.expires_in) ?? provider.lifetimes.accessSeconds;
  return {
    tokens: {
      access: new Secret(said.access_token as string),
      tokenType: readType(said.token_type),
      // Counted from before the request left: an answer that took long is not trusted longer for it.
      expiresAt: issuedSeconds === null ? null : sentAt + issuedSeconds * 1000,
      issuedSeconds,
      refresh: secretIn(said.refresh_token),
    },
    scopes: scopesIn(provider, role, said),
    // Google, Microsoft and GitHub say `refresh_token_expires_in`, Keycloak `refresh_expires_in`.
    refreshIssuedSeconds: readSeconds(said.refresh_token_expires_in) ?? readSeconds(said.refresh_expires_in),
  };
}

export function idTokenIn({ json }: Answer): Secret | null {
  return isJsonObject(json) ? secretIn(json.id_token) : null;
}

function secretIn(value: unknown): Secret | null {
  return typeof value === 'string' && value !== '' ? new Secret(value) : null;
}

function scopesIn({ scopes }: Provider, { scopePrefix }: TokenRole, said: JsonObject): readonly string[] | null {
  const text = readScope(said.scope);
  if (text === null) return scopes.emptyMeansNone && said.scope === '' ? [] : null;
  return text
    .split(scopes.separator.answer)
    .flatMap((part) => part.trim().split(/\s+/))
    .filter((scope) => scope !== '')
    .map((scope) => `${scopePrefix}${scope}`);
}

/** `bearer` in the server's spelling; types that are no HTTP scheme (Slack's "user") are sent as Bearer all the same. */
function readType(said: unknown): string {
  return typeof said === 'string' && said.toLowerCase() === 'bearer' ? said : 'Bearer';
}
