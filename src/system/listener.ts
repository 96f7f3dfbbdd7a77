// A small HTTP server on loopback for a browser's callback. Whatever reaches it may be hostile or half-open: headers,
// bodies, times and connections are bounded, and closing it ends every socket.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Listener, ListenOptions, ListenRequest, ListenResponse } from '../model/ports.ts';
import { bindLoopback, closeServer } from './loopback-sockets.ts';

export interface ListenLimits {
  readonly headerBytes: number;
  readonly bodyBytes: number;
  /** For a whole request to arrive, from the moment the connection stands. */
  readonly requestMs: number;
  readonly connections: number;
}

const usualLimits: ListenLimits = {
  headerBytes: 16 * 1024,
  bodyBytes: 64 * 1024,
  requestMs: 10_000,
  connections: 64,
};

export function createListener(limits: ListenLimits = usualLimits): Listener {
  return async (options) => {
    const sockets = new Set<Socket>();
    const { servers, port } = await bindLoopback(options, () => makeServer(options, limits, sockets));
    return {
      port,
      async close() {
        const closed = servers.map(closeServer);
        for (const socket of sockets) socket.destroy();
        await Promise.all(closed);
      },
    };
  };
}

function makeServer(options: ListenOptions, limits: ListenLimits, sockets: Set<Socket>): Server {
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.requestMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: Math.min(1000, limits.requestMs),
    // Every answer ends its connection, so that none lingers.
    keepAlive: false,
  });
  server.maxConnections = limits.connections;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (request, response) => {
    // A browser that goes away in the middle is no trouble of ours.
    response.on('error', () => {});
    answer(request, options, limits)
      .then((reply) => send(response, reply))
      .catch(() => response.destroy());
  });
  return server;
}

async function answer(request: IncomingMessage, options: ListenOptions, limits: ListenLimits): Promise<ListenResponse> {
  try {
    const body = await readBody(request, limits.bodyBytes);
    if (body === undefined) return plain(413, 'The request is too long.');
    return await options.handle(toListenRequest(request, body));
  } catch {
    return plain(500, 'Something went wrong.');
  }
}

/** Undefined when it is longer than it may be; the rest is not read. */
async function readBody(request: IncomingMessage, longest: number): Promise<string | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > longest) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > longest) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function toListenRequest(request: IncomingMessage, body: string): ListenRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return { method: request.method ?? '', target: request.url ?? '', headers, body };
}

function plain(status: number, text: string): ListenResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }, body: text };
}

function send(response: ServerResponse, { status, headers, body, sent, fault }: ListenResponse): void {
  if (response.destroyed) {
    sent?.();
    return;
  }
  // 'close' follows 'finish', and comes alone when the browser has gone.
  response.once('close', () => sent?.());
  if (fault === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const missing = fault === undefined ? 0 : 1;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) + missing, connection: 'close' });
  if (fault === 'truncate') response.write(body, () => response.destroy());
  else if (fault === 'stall') response.write(body);
  else response.end(body);
}
