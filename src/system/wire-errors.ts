// What went wrong on the wire, by Node's error codes, in people's words. Never by message text.
import { CliError, type ErrorCode } from '../errors.ts';
import { certificateWords, type Shown } from './certificate-errors.ts';

/** Of every error that Fetch rejects with. `sent: false`: the request certainly never left, so nothing was acted upon. */
interface WireCause {
  readonly sent: boolean;
  /** Node's code, for traces. */
  readonly code: string;
}

type Words = readonly [message: (host: string) => string, hint?: string];

const online = 'check the network connection, and HTTPS_PROXY where a proxy leads out; then try again';
/** What answers there is no OAuth server. */
export const rightAddress = 'oauthctl provider list shows the addresses: check this one';
const notTls = 'check address and port; a proxy that the network wants may have to be named in HTTPS_PROXY';

const noRoute: Words = [(host) => `${host} cannot be reached from this network`, online];
const broken: Words = [(host) => `${host} closed the connection before its answer was complete`, 'try again'];
const brokenEarly: Words = [(host) => `${host} closed the connection before anything was asked`, 'try again'];
const plainText: Words = [(host) => `${host} answered with something that is not TLS`, notTls];
const noVersion: Words = [(host) => `${host} and oauthctl know no version of TLS in common (1.2 or newer is needed)`];
const noCipher: Words = [(host) => `${host} broke off the TLS handshake: it takes none of the ciphers on offer`];

const unreachable: Readonly<Record<string, Words>> = {
  ENOTFOUND: [(host) => `no name service knows an address of ${host}`, online],
  EAI_AGAIN: [(host) => `the name service did not answer for ${host}`, online],
  ECONNREFUSED: [(host) => `${host} refused the connection`, 'check the address, and that the server is running'],
  ECONNRESET: broken,
  EPIPE: broken,
  ECONNABORTED: broken,
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
  EADDRNOTAVAIL: noRoute,
  EACCES: [(host) => `this machine does not allow connections to ${host}`, 'check its firewall'],
  EPERM: [(host) => `this machine does not allow connections to ${host}`, 'check its firewall'],
  ETIMEDOUT: [(host) => `${host} did not answer`, online],
  EPROTO: [(host) => `${host} does not speak TLS as it should`, notTls],
  // What is not TLS is read as TLS of a version or length that there is not.
  ERR_SSL_WRONG_VERSION_NUMBER: plainText,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: plainText,
  ERR_SSL_HTTP_REQUEST: plainText,
  ERR_SSL_UNSUPPORTED_PROTOCOL: noVersion,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: noVersion,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: noCipher,
  'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE': noCipher,
  ERR_SSL_TLSV1_ALERT_INSUFFICIENT_SECURITY: noCipher,
};

/**
 * `error` is what node:http, node:net or node:tls emitted; undefined when the exchange just ended. `host` is who was asked, in
 * words; `shown` its certificate, where there was one.
 */
export function wireError(error: unknown, host: string, sent: boolean, shown?: Shown): CliError {
  const code = error === undefined ? 'ECONNRESET' : codeOf(error);
  const cause: WireCause = { sent, code };
  // llhttp could not read the answer: https://nodejs.org/api/errors.html#hpe-codes
  if (code.startsWith('HPE_')) {
    const what = code === 'HPE_HEADER_OVERFLOW' ? 'headers of more than 16 KiB' : 'something that is not HTTP';
    return new CliError('bad_response', `${host} answered with ${what}`, { hint: rightAddress, cause });
  }
  const [message, hint] = certificateWords(code, host, shown) ?? wordsFor(code, host, sent);
  return new CliError('unreachable', `${message}${tried(error)}`, { hint, cause });
}

function wordsFor(code: string, host: string, sent: boolean): readonly [message: string, hint: string | undefined] {
  const known = unreachable[code] ?? (code.startsWith('ERR_SSL_') ? unreachable.EPROTO : undefined);
  if (!known) return [`${host} could not be asked (${code})`, online];
  const [message, hint] = known === broken && !sent ? brokenEarly : known;
  return [message(host), hint];
}

export function wireFailure(code: ErrorCode, message: string, sent: boolean, hint?: string): CliError {
  const cause: WireCause = { sent, code };
  return new CliError(code, message, { hint, cause });
}

/** Says nothing of the host itself: this machine has no way to a whole family of addresses. */
const noFamily: ReadonlySet<string> = new Set(['ENETUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EHOSTUNREACH']);

/** Several addresses of one host may have failed, each in its way: the first that tells something of the host. */
function codeOf(error: unknown): string {
  const codes = attempts(error).map(codeOf);
  if (codes.length > 0) return codes.find((code) => !noFamily.has(code)) ?? codes[0] ?? 'unknown';
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}

/** Node's Happy Eyeballs: https://nodejs.org/api/net.html#socketconnectoptions-connectlistener */
function attempts(error: unknown): readonly unknown[] {
  return error instanceof AggregateError ? error.errors : [];
}

function tried(error: unknown): string {
  const each = attempts(error).map((attempt) => `${addressOf(attempt)} ${codeOf(attempt)}`);
  return each.length === 0 ? '' : ` (tried ${each.join(', ')})`;
}

function addressOf(error: unknown): string {
  return error instanceof Error && 'address' in error ? String(error.address) : 'an address';
}
