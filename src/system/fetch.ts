// One HTTP exchange over node:http and node:https: no redirects, no cookies, no kept connections, and every part bounded.
// Not the global fetch: its errors do not tell whether a request has left, on which a single-use token depends.
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent, request as requestHttps } from 'node:https';
import { CliError } from '../errors.ts';
import type { Fetch, WireRequest, WireResponse } from '../model/ports.ts';
import { rightAddress, wireError, wireFailure } from './wire-errors.ts';

const longestBody = 1024 * 1024;
const longestHeaders = 16 * 1024;

export interface FetchOptions {
  readonly version: string;
  /** The interruption that ends an exchange beginning now, if any may. */
  readonly cutsShort: () => AbortSignal | undefined;
}

export function createFetch({ version, cutsShort }: FetchOptions): Fetch {
  // A kept connection may be closed by the server just when it is used again, and the request's fate is unknown then.
  // TLS sessions are remembered, so later handshakes are short.
  // NODE_TLS_REJECT_UNAUTHORIZED=0, which some environments carry for other programs, would hand tokens to anybody.
  const agent = new Agent({ keepAlive: false, maxCachedSessions: 100, rejectUnauthorized: true });
  return async (request) => {
    const url = new URL(request.url);
    if (!mayBeAsked(url)) throw wireFailure('bad_response', `${url.host} is not an https address`, false);
    const exchange = open(url, request, agent, `oauthctl/${version}`);
    return settle(exchange, url, request, cutsShort());
  };
}

/** The last of several checks: plain http goes to loopback only. */
function mayBeAsked({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && /^(127(\.\d+){3}|\[::1\]|localhost)$/.test(hostname));
}

function open(url: URL, { method, headers, body }: WireRequest, agent: Agent, userAgent: string): ClientRequest {
  const options = {
    method,
    headers: {
      'user-agent': userAgent,
      // Nothing here unpacks.
      'accept-encoding': 'identity',
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      ...headers,
    },
    maxHeaderSize: longestHeaders,
  };
  try {
    const secure = url.protocol === 'https:';
    return secure ? requestHttps(url, { ...options, agent }) : requestHttp(url, { ...options, agent: false });
  } catch {
    // Only a header that HTTP forbids gets here, and those are made of what a server once answered.
    throw wireFailure('bad_response', `a value for ${url.host} cannot be sent in a header`, false);
  }
}

function settle(
  exchange: ClientRequest,
  url: URL,
  request: WireRequest,
  cutsShort: AbortSignal | undefined,
): Promise<WireResponse> {
  let sent = false;
  let answered = false;
  const signals = [request.signal, cutsShort].filter((signal) => signal !== undefined);
  const seconds = Math.round(request.timeoutMs / 100) / 10;
  return new Promise<WireResponse>((resolve, reject) => {
    const late = () =>
      giveUp(wireFailure('timed_out', `${url.host} did not answer within ${seconds} s`, sent, 'try again'));
    const cancel = () => giveUp(new CliError('cancelled', `interrupted while asking ${url.host}`, { cause: { sent } }));
    const timer = setTimeout(late, request.timeoutMs);
    const finish = () => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', cancel);
      exchange.destroy();
    };
    const giveUp = (error: CliError) => {
      reject(error);
      finish();
    };
    const fail = (error: unknown) => giveUp(error instanceof CliError ? error : wireError(error, url.host, sent));
    // Bytes leave once the connection stands; before that the request is certainly not spent.
    exchange.on('socket', (socket) => {
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        sent = true;
      });
    });
    exchange.on('error', fail);
    // Some ends come without an error, such as a switch of protocols that nobody asked for.
    exchange.on('close', () => answered || fail(undefined));
    exchange.on('response', (response) => {
      answered = true;
      readResponse(response, url.host).then((answer) => {
        resolve(answer);
        finish();
      }, fail);
    });
    for (const signal of signals) signal.addEventListener('abort', cancel);
    if (signals.some((signal) => signal.aborted)) cancel();
    else exchange.end(request.body);
  });
}

async function readResponse(response: IncomingMessage, host: string): Promise<WireResponse> {
  const tooLong = () => wireFailure('bad_response', `${host} answered with more than 1 MiB`, true, rightAddress);
  if (Number(response.headers['content-length'] ?? 0) > longestBody) throw tooLong();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > longestBody) throw tooLong();
    chunks.push(chunk);
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return { status: response.statusCode ?? 0, headers, body: Buffer.concat(chunks).toString('utf8') };
}
