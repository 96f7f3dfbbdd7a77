// A proxy that opens tunnels (CONNECT, RFC 9110 §9.3.6), tells what it was asked, and refuses where a test wants it.
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { good, leafKey } from './certificates.ts';

export interface ProxyOptions {
  /** Where a tunnel leads, whatever host is named. */
  readonly to?: number;
  /** Spoken to over TLS, with a certificate of the made-up company. */
  readonly secure?: boolean;
  /** The address that it listens at, 127.0.0.1 when left out. */
  readonly host?: string;
  /** `user:password` that it wants. */
  readonly credentials?: string;
  /** In the place of a tunnel. */
  readonly instead?: (socket: Socket) => void;
}

export interface ConnectProxy {
  readonly port: number;
  /** `host:port` of every tunnel that was asked for. */
  readonly asked: readonly string[];
  /** All bytes that came through the tunnels towards the host. */
  readonly passed: () => Buffer;
}

export async function startProxy(options: ProxyOptions): Promise<ConnectProxy> {
  const { to, secure = false, credentials, instead } = options;
  const asked: string[] = [];
  const passed: Buffer[] = [];
  const server = secure ? createHttpsServer({ key: leafKey, cert: good }) : createHttpServer();
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  const wanted = credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;
  server.on('connect', ({ url = '', headers }: IncomingMessage, socket: Socket) => {
    asked.push(url);
    socket.on('error', () => {});
    if (headers['proxy-authorization'] !== wanted) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="x"\r\n\r\n');
    } else if (instead !== undefined) {
      instead(socket);
    } else {
      const onward = connect(to ?? 0, '127.0.0.1');
      sockets.add(onward);
      onward.on('error', () => socket.destroy());
      onward.on('connect', () => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'));
      socket.on('data', (bytes) => passed.push(bytes));
      socket.pipe(onward).pipe(socket);
    }
  });
  server.listen(0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, asked, passed: () => Buffer.concat(passed) };
}
