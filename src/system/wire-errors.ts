// What went wrong on the wire, by Node's error codes, in people's words. Never by message text.
import { CliError, type ErrorCode } from '../errors.ts';

/** Of every error that Fetch rejects with. `sent: false`: the request certainly never left, so nothing was acted upon. */
interface WireCause {
  readonly sent: boolean;
  /** Node's code, for traces. */
  readonly code: string;
}

type Words = readonly [message: (host: string) => string, hint?: string];

const online = 'check the network connection and try again';
/** What answers there is no OAuth server. */
export const rightAddress = 'oauthctl provider list shows the addresses: check this one';
const inspected = 'if your network inspects TLS, set NODE_EXTRA_CA_CERTS to the file with its certificate';

const untrusted: Words = [(host) => `the certificate of ${host} is not one that this machine trusts`, inspected];
const noRoute: Words = [(host) => `${host} cannot be reached from this network`, online];
const broken: Words = [(host) => `${host} closed the connection before its answer was complete`, 'try again'];

const unreachable: Readonly<Record<string, Words>> = {
  ENOTFOUND: [(host) => `there is no host ${host}, or no name service that knows it`, online],
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
  CERT_HAS_EXPIRED: [(host) => `the certificate of ${host} has expired`, "check this machine's clock"],
  CERT_NOT_YET_VALID: [(host) => `the certificate of ${host} is not valid yet`, "check this machine's clock"],
  ERR_TLS_CERT_ALTNAME_INVALID: [(host) => `${host} showed a certificate that is for another name`, inspected],
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  CERT_REVOKED: [(host) => `the certificate of ${host} has been revoked`],
  EPROTO: [(host) => `${host} does not speak TLS as it should`, inspected],
};

/** `error` is what node:http, node:net or node:tls emitted; undefined when the exchange just ended. */
export function wireError(error: unknown, host: string, sent: boolean): CliError {
  const code = error === undefined ? 'ECONNRESET' : codeOf(error);
  const cause: WireCause = { sent, code };
  // llhttp could not read the answer: https://nodejs.org/api/errors.html#hpe-codes
  if (code.startsWith('HPE_')) {
    const what = code === 'HPE_HEADER_OVERFLOW' ? 'headers of more than 16 KiB' : 'something that is not HTTP';
    return new CliError('bad_response', `${host} answered with ${what}`, { hint: rightAddress, cause });
  }
  const known = unreachable[code] ?? (code.startsWith('ERR_SSL_') ? unreachable.EPROTO : undefined);
  if (!known) return new CliError('unreachable', `${host} could not be asked (${code})`, { hint: online, cause });
  const [message, hint] = known;
  return new CliError('unreachable', message(host), { hint, cause });
}

export function wireFailure(code: ErrorCode, message: string, sent: boolean, hint?: string): CliError {
  const cause: WireCause = { sent, code };
  return new CliError(code, message, { hint, cause });
}

/** Several addresses of one host may have failed, each in its way; the first is as good as any. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError && error.errors.length > 0 ? codeOf(error.errors[0]) : 'unknown';
}
