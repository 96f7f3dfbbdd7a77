// What the browser brings back: a tolerant reader, and a strict judge (RFC 6749 §4.1.2 and §4.2.2, RFC 9207).
import { CliError } from '../errors.ts';
import type { Provider } from '../model/provider.ts';
import { Secret } from '../model/secret.ts';
import { type Answer, errorDescription } from './answer.ts';
import { errorOf, readAnswer } from './answers.ts';
import { type Attempt, pathOf } from './attempt.ts';
import { plainText } from './foreign-text.ts';

export interface Callback {
  /** The path that it came to, or what was pasted of it; empty when it was pasted without. */
  readonly path: string;
  readonly values: ReadonlyMap<string, string>;
  /** Names that came more than once (RFC 6749 §3.1 forbids it). */
  readonly repeated: ReadonlySet<string>;
}

/** No code or token has blanks in it: a raw "+" there is a "+" that nobody escaped. */
const withoutBlanks = ['code', 'token', 'access_token'];

/** Reads what stands after the "?" or "#". Values may come unescaped (`iss=https://…`) and with escapes that are none. */
export function parseCallback(query: string, path = ''): Callback {
  const values = new Map<string, string>();
  const repeated = new Set<string>();
  for (const member of query.split('&')) {
    const equals = member.indexOf('=');
    if (equals < 1) continue;
    const name = unescapeValue(member.slice(0, equals), true);
    const value = unescapeValue(member.slice(equals + 1), !withoutBlanks.includes(name));
    if (values.has(name)) repeated.add(name);
    else values.set(name, value);
  }
  return { path, values, repeated };
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
  | { readonly kind: 'code'; readonly code: Secret }
  | { readonly kind: 'token'; readonly token: Secret };

const decisive = ['state', 'code', 'token', 'access_token', 'error', 'iss'];

export function judgeCallback(callback: Callback, attempt: Attempt, provider: Provider): Verdict {
  const { values, repeated } = callback;
  const twice = decisive.find((name) => repeated.has(name));
  if (twice !== undefined) return { kind: 'stray', why: `"${twice}" came more than once` };
  const foreign = notOfThis(attempt, callback);
  if (foreign !== null) return { kind: 'stray', why: foreign };
  const error = values.get('error');
  const mixedUp = wrongIssuer(values.get('iss'), provider, error !== undefined);
  if (mixedUp !== null) return { kind: 'ended', error: mixedUp };
  if (error !== undefined) return { kind: 'ended', error: refusal(provider, values) };
  return attempt.gives === 'token' ? takeToken(values) : takeCode(values);
}

function notOfThis(attempt: Attempt, { path, values }: Callback): string | null {
  if (attempt.stateIn === 'path') {
    return path.endsWith(pathOf(attempt)) ? null : 'its address is not the one of this sign-in';
  }
  const state = values.get('state');
  if (state === undefined) return attempt.stateIn === 'printed' ? null : 'it carries no state';
  return state === attempt.state ? null : 'its state is not the one of this sign-in';
}

function takeCode(values: Callback['values']): Verdict {
  const code = values.get('code') ?? '';
  if (code === '') return { kind: 'stray', why: 'it carries neither a code nor an error' };
  // Appendix A.11: printable ASCII. Servers stretch that; half of a surrogate pair can be sent by nobody.
  if (/\p{Cs}/u.test(code)) return { kind: 'stray', why: 'its code holds characters that no code has' };
  return { kind: 'code', code: new Secret(code) };
}

/** RFC 6749 §4.2.2 says `access_token`; appendix A.12: printable ASCII. */
function takeToken(values: Callback['values']): Verdict {
  const token = values.get('token') ?? values.get('access_token') ?? '';
  if (token === '') return { kind: 'stray', why: 'it carries neither a token nor an error' };
  if (/[^\x21-\x7e]/.test(token)) return { kind: 'stray', why: 'its token holds characters that no token has' };
  return { kind: 'token', token: new Secret(token) };
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

/** RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6; the provider's own rows first. */
function refusal(provider: Provider, values: Callback['values']): CliError {
  const answer = asAnswer(provider, values);
  const reading = readAnswer(provider, 'callback', answer, 0);
  if (reading.means !== 'unknown') return errorOf(provider, reading, 'the sign-in');
  const said = errorDescription(answer) === null ? '' : `: ${reading.words}`;
  const named = `(${reading.error ?? 'without a name'}${said})`;
  return ['access_denied', ...(provider.alsoDeclined ?? [])].includes(reading.error ?? '')
    ? new CliError('consent_denied', `consent was refused at ${provider.name} ${named}`, {
        hint: `oauthctl connect ${provider.id}`,
      })
    : new CliError('provider_refused', `${provider.name} refused the sign-in ${named}`, {
        hint: `oauthctl provider guide ${provider.id}`,
      });
}

/** So that one table judges it: what came is the form that a server would have sent as a refusal. */
function asAnswer({ endpoints }: Provider, values: Callback['values']): Answer {
  return {
    url: new URL(endpoints.authorization),
    sentAt: 0,
    status: 400,
    headers: {},
    text: '',
    shape: 'form',
    json: Object.fromEntries(values),
    serverAt: null,
    plain: (text) => plainText(text),
  };
}
