// One HTTP exchange over node:http and node:https: no redirects, no cookies, no kept connections, and every part bounded.
// Not the global fetch: its errors do not tell whether a request has left, on which a single-use token depends.
import { type ClientRequest, type IncomingMessage, request as requestHttp, validateHeaderValue } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { CliError } from '../errors.ts';
import type { Fetch, FetchSettings, Files, WireRequest, WireResponse } from '../model/ports.ts';
import { readAuthorities } from './authorities.ts';
import { createDial, type Dial } from './dial.ts';
import { once } from './lazy-ports.ts';
import { readProxies } from './proxy.ts';
import { type Turn, takeTurn } from './turn.ts';
import { rightAddress, wireError, wireFailure } from './wire-errors.ts';

const longestBody = 1024 * 1024;
const longestHeaders = 16 * 1024;

export interface FetchOptions {
  readonly version: string;
  /** The interruption that ends an exchange beginning now, if any may. */
  readonly cutsShort: () => AbortSignal | undefined;
  readonly settings: FetchSettings;
  readonly files: Pick<Files, 'resolve' | 'readNamed'>;
  /** How names become addresses; the system's own way when left out. */
  readonly lookup?: LookupFunction;
}

export function createFetch({ version, cutsShort, settings, files, lookup }: FetchOptions): Fetch {
  const userAgent = `oauthctl/${version}`;
  // Read at the first request: what is asked on loopback alone needs none of it.
  const dial = once(async () => {
    const proxyFor = readProxies(settings.env);
    return createDial({ proxyFor, authorities: await readAuthorities(settings, files), lookup, userAgent });
  });
  const fetch: Fetch = async (request) => {
    const url = new URL(request.url);
    if (!mayBeAsked(url)) throw wireFailure('bad_response', `${url.host} is not an https address`, false);
    const headers = headersOf(request, userAgent, url.host);
    const connect = url.protocol === 'https:' ? await dial() : undefined;
    const signals = [request.signal, cutsShort()].filter((signal) => signal !== undefined);
    return takeTurn(request, url.host, signals, async (turn) => {
      const options = { method: request.method, headers, maxHeaderSize: longestHeaders };
      const asking = connect ? await overTls(url, options, connect, turn) : onLoopback(url, options, turn);
      return settle(asking, request.body, turn);
    });
  };
  return Object.assign(fetch, { check: async () => void (await dial()) });
}

/** The last of several checks: plain http goes to loopback only. */
function mayBeAsked({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && /^(127(\.\d+){3}|\[::1\]|localhost)$/.test(hostname));
}

type Headers = Readonly<Record<string, string>>;

function headersOf({ headers, body }: WireRequest, userAgent: string, host: string): Headers {
  const all: Headers = {
    'user-agent': userAgent,
    // Nothing here unpacks.
    'accept-encoding': 'identity',
    ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  };
  try {
    for (const [name, value] of Object.entries(all)) validateHeaderValue(name, value);
  } catch {
    // Such a value is made of what a server once answered.
    throw wireFailure('bad_response', `a value for ${host} cannot be sent in a header`, false);
  }
  return all;
}

interface Options {
  readonly method: string;
  readonly headers: Headers;
  readonly maxHeaderSize: number;
}

/**
 * No connection is kept: the server may close it just when it is used again, and the request's fate is unknown then. Until the
 * handshake is over the request is certainly not spent.
 */
async function overTls(url: URL, options: Options, dial: Dial, turn: Turn): Promise<ClientRequest> {
  const socket = await dial(url, turn);
  turn.signal.throwIfAborted();
  turn.sent = true;
  // Without an agent Node takes 80 for the usual port, and names any other in the Host header.
  return requestHttps(url, { ...options, defaultPort: 443, createConnection: () => socket });
}

function onLoopback(url: URL, options: Options, turn: Turn): ClientRequest {
  const asking = requestHttp(url, { ...options, agent: false });
  asking.on('socket', (socket) => {
    socket.once('connect', () => {
      turn.sent = true;
    });
  });
  return asking;
}

function settle(asking: ClientRequest, body: string | undefined, turn: Turn): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    let answered = false;
    const fail = (error: unknown) =>
      reject(error instanceof CliError ? error : wireError(error, turn.awaited, turn.sent));
    asking.on('error', fail);
    // Some ends come without an error, such as a switch of protocols that nobody asked for.
    asking.on('close', () => answered || fail(undefined));
    asking.on('response', (response) => {
      answered = true;
      readResponse(response, turn.awaited).then(resolve, fail);
    });
    turn.signal.addEventListener('abort', () => asking.destroy(), { once: true });
    asking.end(body);
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
