// A TLS connection to a host, straight or through a proxy's tunnel (RFC 9110 §9.3.6). Nothing of a request is sent here: who
// gets the socket has a peer whose certificate was found good.
import { connect as connectPlain, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectSecurely, type SecureContext, type TLSSocket } from 'node:tls';
import type { CliError } from '../errors.ts';
import type { Shown } from './certificate-errors.ts';
import { targetOf } from './no-proxy.ts';
import type { ProxyChoice, ProxyServer } from './proxy.ts';
import { openTunnel, proxyFault } from './tunnel.ts';
import type { Turn } from './turn.ts';
import { wireError } from './wire-errors.ts';

/** What the settings of the network come to. */
export interface Way {
  readonly proxyFor: ProxyChoice;
  /** Undefined: Node's own. */
  readonly authorities: SecureContext | undefined;
  readonly lookup: LookupFunction | undefined;
  readonly userAgent: string;
}

export type Dial = (url: URL, turn: Turn) => Promise<TLSSocket>;

interface Place {
  readonly host: string;
  readonly port: number;
}

/** Node gives an address a quarter of a second, less than a handshake to another continent may take. */
const longestAttemptMs = 1_000;
const mostSessions = 100;

export function createDial(way: Way): Dial {
  const sessions = new Map<string, Buffer>();
  return async (url, turn) => {
    const proxy = way.proxyFor(url);
    const target = targetOf(url);
    const key = `${target.host} ${target.port}`;
    const tunnel = proxy && (await tunnelTo(`${url.hostname}:${target.port}`, proxy, way, turn));
    turn.awaited = proxy === undefined ? url.host : `${url.host}, through ${proxy.name},`;
    const socket = await shakeHands(target, { tunnel, session: sessions.get(key) }, way, turn);
    // Remembered once the certificate was found good, since a resumed handshake does not look at its names again.
    socket.on('session', (session) => {
      if (sessions.size >= mostSessions) sessions.clear();
      sessions.set(key, session);
    });
    return socket;
  };
}

async function tunnelTo(authority: string, proxy: ProxyServer, way: Way, turn: Turn): Promise<Socket> {
  turn.awaited = proxy.name;
  const socket = proxy.secure ? await shakeHands(proxy, {}, way, turn) : await connected(proxy, way, turn);
  return openTunnel({ authority, proxy, socket, userAgent: way.userAgent }, turn);
}

function connected(proxy: ProxyServer, way: Way, turn: Turn): Promise<Socket> {
  const socket = connectPlain({ ...addressing(proxy, way, turn) });
  return standing(socket, 'connect', turn, (error) => proxyFault(error, proxy));
}

interface Over {
  readonly tunnel?: Socket | undefined;
  readonly session?: Buffer | undefined;
}

/** NODE_TLS_REJECT_UNAUTHORIZED=0, which some environments carry for other programs, would hand tokens to anybody. */
function shakeHands(place: Place, { tunnel, session }: Over, way: Way, turn: Turn): Promise<TLSSocket> {
  const socket = connectSecurely({
    ...addressing(place, way, turn),
    // RFC 6066 §3: an address is no server name.
    servername: isIP(place.host) === 0 ? place.host : '',
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
    ...(tunnel && { socket: tunnel }),
    ...(session && { session }),
    ...(way.authorities && { secureContext: way.authorities }),
  });
  let shown: Shown;
  // Before Node's own verdict, which ends the socket and takes the certificate with it.
  socket.prependOnceListener('secure', () => {
    shown = socket.getPeerCertificate(true);
  });
  const { awaited } = turn;
  return standing(socket, 'secureConnect', turn, (error) => wireError(error, awaited, false, shown));
}

function addressing({ host, port }: Place, { lookup }: Way, { timeoutMs }: Turn) {
  return {
    host,
    port,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: Math.min(longestAttemptMs, Math.ceil(timeoutMs / 4)),
    ...(lookup && { lookup }),
  };
}

function standing<S extends Socket>(
  socket: S,
  event: 'connect' | 'secureConnect',
  turn: Turn,
  explain: (error: unknown) => CliError,
): Promise<S> {
  const { signal } = turn;
  socket.on('connectionAttempt', (address) => {
    turn.tried = [...turn.tried, address];
  });
  socket.once('connect', () => {
    turn.tried = [];
  });
  return new Promise((resolve, reject) => {
    const abandon = () => socket.destroy();
    signal.addEventListener('abort', abandon, { once: true });
    if (signal.aborted) abandon();
    // They stay for as long as the socket does: a later error without a listener would end the process.
    socket.on('error', (error) => reject(explain(error)));
    socket.on('close', () => reject(explain(undefined)));
    socket.once(event, () => resolve(socket));
  });
}
