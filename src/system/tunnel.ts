// Asks a proxy for a way to a host (CONNECT, RFC 9110 §9.3.6), and says what its refusal means.
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { CliError } from '../errors.ts';
import type { ProxyServer } from './proxy.ts';
import type { Turn } from './turn.ts';
import { wireError, wireFailure } from './wire-errors.ts';

export interface TunnelRequest {
  /** `host:port`, an IPv6 address in brackets. */
  readonly authority: string;
  readonly proxy: ProxyServer;
  /** To the proxy. */
  readonly socket: Socket;
  readonly userAgent: string;
}

const longestHeaders = 16 * 1024;

/** The same socket, which leads to the host now. */
export function openTunnel({ authority, proxy, socket, userAgent }: TunnelRequest, turn: Turn): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { authorization } = proxy;
    const asking = request({
      method: 'CONNECT',
      path: authority,
      headers: {
        host: authority,
        'user-agent': userAgent,
        ...(authorization && { 'proxy-authorization': authorization.reveal() }),
      },
      maxHeaderSize: longestHeaders,
      createConnection: () => socket,
    });
    asking.on('error', (error) => reject(proxyFault(error, proxy)));
    asking.on('close', () => reject(proxyFault(undefined, proxy)));
    // Every final answer to CONNECT comes as this event.
    asking.on('connect', ({ statusCode = 0 }, _, head) => {
      if (statusCode < 200 || statusCode > 299) return reject(refusal(statusCode, authority, proxy));
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    turn.signal.addEventListener('abort', () => asking.destroy(), { once: true });
    asking.end();
  });
}

/** What node:net or node:http emitted about the proxy itself. */
export function proxyFault(error: unknown, { name, variable }: ProxyServer): CliError {
  const { code, message, cause } = wireError(error, name, false);
  // Who breaks HTTP here is no provider, and what was to be asked may still be.
  return new CliError(code === 'bad_response' ? 'unreachable' : code, message, { hint: `check ${variable}`, cause });
}

function refusal(status: number, authority: string, { name, variable, authorization }: ProxyServer): CliError {
  const fail = (message: string, hint: string) => wireFailure('unreachable', message, false, hint);
  if (status === 407) {
    const why = authorization === undefined ? 'wants credentials' : 'does not take the credentials that it was given';
    return fail(`${name} ${why} (HTTP 407)`, `put them into ${variable}: http://USER:PASSWORD@HOST:PORT`);
  }
  if (status >= 500) return fail(`${name} does not get through to ${authority} (HTTP ${status})`, 'try again');
  return fail(`${name} refuses a way to ${authority} (HTTP ${status})`, 'name the host in NO_PROXY to go around it');
}
