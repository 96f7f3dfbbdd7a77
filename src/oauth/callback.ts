// What the browser brings back: a tolerant reader, and a strict judge (RFC 6749 §4.1.2, RFC 9207).
import { CliError, type ErrorCode } from '../errors.ts';
import type { Provider } from '../model/provider.ts';
import { Secret } from '../model/secret.ts';
import type { Attempt } from './attempt.ts';
import { plainText } from './foreign-text.ts';

export interface Callback {
  readonly values: ReadonlyMap<string, string>;
  /** Names that came more than once (RFC 6749 §3.1 forbids it). */
  readonly repeated: ReadonlySet<string>;
}

/** Reads what stands after the "?". Values may come unescaped (`iss=https://…`) and with escapes that are none. */
export function parseCallback(query: string): Callback {
  const values = new Map<string, string>();
  const repeated = new Set<string>();
  for (const member of query.split('&')) {
    const equals = member.indexOf('=');
    if (equals < 1) continue;
    const name = unescapeValue(member.slice(0, equals), true);
    // A raw "+" in a code is a "+" that nobody escaped: no code has blanks in it.
    const value = unescapeValue(member.slice(equals + 1), name !== 'code');
    if (values.has(name)) repeated.add(name);
    else values.set(name, value);
  }
  return { values, repeated };
}

function unescapeValue(text: string, plusIsBlank: boolean): string {
  const spaced = plusIsBlank ? text.replaceAll('+', ' ') : text;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

export type Verdict =
  /** Not the answer to this attempt, or none that can be used: the wait goes on. */
  | { readonly kind: 'stray'; readonly why: string }
  /** The answer, and the attempt ends with it. */
  | { readonly kind: 'ended'; readonly error: CliError }
  | { readonly kind: 'code'; readonly code: Secret };

const decisive = ['state', 'code', 'error', 'iss'];

export function judgeCallback({ values, repeated }: Callback, attempt: Attempt, provider: Provider): Verdict {
  const twice = decisive.find((name) => repeated.has(name));
  if (twice !== undefined) return { kind: 'stray', why: `"${twice}" came more than once` };
  const state = values.get('state');
  if (state === undefined) return { kind: 'stray', why: 'it carries no state' };
  if (state !== attempt.state) return { kind: 'stray', why: 'its state is not the one of this sign-in' };
  const error = values.get('error');
  const mixedUp = wrongIssuer(values.get('iss'), provider, error !== undefined);
  if (mixedUp !== null) return { kind: 'ended', error: mixedUp };
  if (error !== undefined) return { kind: 'ended', error: refusal(provider, error, values.get('error_description')) };
  const code = values.get('code') ?? '';
  if (code === '') return { kind: 'stray', why: 'it carries neither a code nor an error' };
  return { kind: 'code', code: new Secret(code) };
}

/** RFC 9207 §2.4. An error without `iss` is believed all the same: nothing is sent because of it. */
function wrongIssuer(iss: string | undefined, provider: Provider, isError: boolean): CliError | null {
  if (provider.iss === 'never' || iss === provider.issuer) return null;
  if (iss === undefined && (provider.iss === 'if_present' || isError)) return null;
  const said = iss === undefined ? 'does not say who sent it (iss)' : `says that it comes from '${plainText(iss)}'`;
  return new CliError('issuer_mismatch', `the answer in the browser ${said}; expected was ${provider.issuer}`, {
    hint: `oauthctl connect ${provider.id}, and sign in at ${provider.name} only`,
  });
}

/** RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6. */
const codes: Readonly<Record<string, ErrorCode>> = {
  access_denied: 'consent_denied',
  temporarily_unavailable: 'provider_unavailable',
  server_error: 'provider_unavailable',
  unauthorized_client: 'app_rejected',
  invalid_client: 'app_rejected',
  invalid_scope: 'scope_missing',
};

function refusal(provider: Provider, error: string, description: string | undefined): CliError {
  const code = Object.hasOwn(codes, error) ? codes[error] : undefined;
  const said = plainText(description ?? '');
  const named = `${plainText(error)}${said === '' ? '' : `: ${said}`}`;
  const again = `oauthctl connect ${provider.id}`;
  switch (code) {
    case 'consent_denied':
      return new CliError(code, `consent was refused at ${provider.name} (${named})`, { hint: again });
    case 'provider_unavailable':
      return new CliError(code, `${provider.name} could not finish the sign-in (${named})`, { hint: again });
    case 'app_rejected':
      return new CliError(code, `${provider.name} refused the app (${named})`, {
        hint: `oauthctl app set ${provider.id}`,
      });
    case 'scope_missing':
      return new CliError(code, `${provider.name} refused a scope (${named})`, { hint: `${again} --scope SCOPE` });
    default:
      return new CliError('provider_refused', `${provider.name} refused the sign-in (${named})`, {
        hint: `oauthctl provider guide ${provider.id}`,
      });
  }
}
