// A grant as another tool left it in a plain file, whatever the tool: what the readers of this folder give.
import { CliError } from '../../errors.ts';
import { fromRfc3339 } from '../../model/instants.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { Secret } from '../../model/secret.ts';

/** Whom the grant was given to. A refresh token is of use to that client alone (RFC 6749 §6). */
export type ForeignClient =
  | { readonly kind: 'in_file'; readonly id: string; readonly secret: Secret | undefined }
  /** The tool's own, known without the file; stored as an app of that name, beside the person's. */
  | { readonly kind: 'own'; readonly id: string; readonly app: string }
  /** The tool's own, and only the tool has it. */
  | { readonly kind: 'hidden'; readonly of: string }
  | { readonly kind: 'not_told' };

export interface ForeignGrant {
  /** Which of several in one file: a remote, a host and a user. Null when the file is for one. */
  readonly entry: string | null;
  readonly client: ForeignClient;
  readonly access: Secret | null;
  readonly refresh: Secret | null;
  readonly tokenType: string;
  readonly idToken: Secret | null;
  /** Null: not told. */
  readonly expiresAt: number | null;
  readonly scopes: readonly string[] | null;
  readonly accountName: string | null;
  /** Of the service that gave it; null: not told. */
  readonly host: string | null;
}

export interface ForeignFile {
  /** For people: "a token file", "rclone's configuration". */
  readonly what: string;
  readonly grants: readonly ForeignGrant[];
  /** Nothing else is in the file, so that it can go when the grant is stored. */
  readonly isForOne: boolean;
}

/** Says what the file is, and what else can be done. */
export function notAdopted(words: string, hint: string): CliError {
  return new CliError('invalid_value', words, { hint });
}

/**
 * The tokens of a JSON object under any of the names that libraries give them. Undefined when there is neither token.
 * - RFC 6749 §5.1: access_token, refresh_token, scope
 * - google-auth for Python: token, expiry, scopes, account (https://googleapis.dev/python/google-auth/latest/reference/google.oauth2.credentials.html)
 * - google-auth-library for Node: expiry_date, milliseconds (https://github.com/googleapis/google-auth-library-nodejs/blob/main/src/auth/credentials.ts)
 * - golang.org/x/oauth2: expiry (https://pkg.go.dev/golang.org/x/oauth2#Token)
 * - oauth2client: token_expiry (https://oauth2client.readthedocs.io/en/latest/source/oauth2client.client.html)
 */
export function tokensIn(json: JsonObject): Omit<ForeignGrant, 'entry' | 'client'> | undefined {
  const access = secretIn(json.access_token) ?? secretIn(json.token);
  const refresh = secretIn(json.refresh_token);
  if (access === null && refresh === null) return undefined;
  const { token_type: tokenType, account } = json;
  return {
    access,
    refresh,
    tokenType: typeof tokenType === 'string' && /^[\w-]{1,40}$/.test(tokenType) ? tokenType : 'Bearer',
    idToken: secretIn(json.id_token),
    expiresAt: endIn(json),
    scopes: scopesIn(json.scopes) ?? scopesIn(json.scope),
    host: hostIn(json.token_uri),
    accountName: typeof account === 'string' && account !== '' ? account : null,
  };
}

export function secretIn(value: Json | undefined): Secret | null {
  return typeof value === 'string' && value !== '' ? new Secret(value) : null;
}

/** Of an address. */
export function hostIn(value: Json | undefined): string | null {
  return typeof value === 'string' && URL.canParse(value) ? new URL(value).hostname : null;
}

/** `expires_in` counts from an instant that no file tells, so it says nothing here. */
function endIn(json: JsonObject): number | null {
  const ends = [json.expiry, json.token_expiry, json.expires_at, json.expiry_date];
  const told = ends.find((value) => typeof value === 'string' || typeof value === 'number');
  // Seconds until the year 5138, milliseconds since 1973.
  const at = typeof told === 'number' ? (told < 100_000_000_000 ? told * 1000 : told) : endInText(told);
  // Go writes the year 1 for "never".
  return at === undefined || at <= 0 || !Number.isSafeInteger(at) ? null : at;
}

/** Python's library writes UTC, with and without the Z. */
function endInText(text: Json | undefined): number | undefined {
  if (typeof text !== 'string') return undefined;
  return fromRfc3339(text) ?? fromRfc3339(`${text.replace(' ', 'T')}Z`);
}

function scopesIn(value: Json | undefined): readonly string[] | null {
  const parts = Array.isArray(value) ? value : typeof value === 'string' ? value.split(/\s+/) : undefined;
  const scopes = parts?.filter((part): part is string => typeof part === 'string' && part !== '') ?? [];
  return scopes.length === 0 ? null : scopes;
}
