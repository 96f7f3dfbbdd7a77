// An authorization server that answers properly until it is told otherwise, address by address, and remembers what it was
// asked. Beside it the ways to misbehave.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => void;

export interface HostileServer {
  readonly issuer: string;
  /** Path → what happens there instead of a proper answer. */
  readonly instead: Map<string, Misbehaviour>;
  /** `METHOD /path` of every request. */
  readonly asked: string[];
  /** Members that its proper answers carry besides, or instead: path → members. */
  readonly says: Map<string, object>;
  /** From now on, and forgets what it was asked. */
  behave(): void;
  close(): void;
}

export async function startHostileServer(): Promise<HostileServer> {
  const instead = new Map<string, Misbehaviour>();
  const says = new Map<string, object>();
  const asked: string[] = [];
  let issuer = '';
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', issuer);
    asked.push(`${request.method} ${url.pathname}`);
    // Read to the end: a client that is still sending when it is answered sees a reset.
    request.resume().on('end', () => (instead.get(url.pathname) ?? proper(issuer, url, says))(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    instead,
    says,
    asked,
    behave() {
      instead.clear();
      says.clear();
      asked.length = 0;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export const metadata = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/userinfo`,
  revocation_endpoint: `${issuer}/revoke`,
  device_authorization_endpoint: `${issuer}/device`,
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['none'],
});

const answers: Readonly<Record<string, object>> = {
  '/token': { access_token: 'access', refresh_token: 'refresh', token_type: 'Bearer', expires_in: 3600 },
  '/userinfo': { sub: 'account-1', email: 'ann@acme.example' },
  '/revoke': {},
  '/device': {
    device_code: 'device',
    user_code: 'WDJB-MJHT',
    verification_uri: 'https://acme.example/device',
    expires_in: 600,
    interval: 1,
  },
};

function proper(issuer: string, url: URL, says: ReadonlyMap<string, object>): Misbehaviour {
  const { pathname } = url;
  if (pathname === '/authorize') return redirectTo(callback(url, says.get(pathname) ?? { code: 'code' }));
  const answer = pathname.startsWith('/.well-known/') ? metadata(issuer) : answers[pathname];
  return answer === undefined ? json(404, {}) : json(200, { ...answer, ...says.get(pathname) });
}

function callback(url: URL, members: object): string {
  const back = new URL(url.searchParams.get('redirect_uri') ?? '');
  const state = url.searchParams.get('state') ?? '';
  for (const [name, value] of Object.entries({ state, ...members })) back.searchParams.set(name, value);
  return back.href;
}

export const body =
  (status: number, type: string, content: string | Buffer): Misbehaviour =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': type }).end(content);

export const json = (status: number, members: object) => body(status, 'application/json', JSON.stringify(members));

export const html = (status: number) => body(status, 'text/html', '<!doctype html><title>Log in to the Wi-Fi</title>');

export const redirectTo =
  (location: string, status = 302): Misbehaviour =>
  (_, response) =>
    void response.writeHead(status, { location }).end();

const megabyte = Buffer.alloc(1024 * 1024, ' ');

/** Ten megabytes, their length not announced. */
export const tooLong: Misbehaviour = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  for (let count = 0; count < 10; count++) response.write(megabyte);
  response.end('{}');
};

/** A byte now and then, for ever: each one is in time. */
export const dripping: Misbehaviour = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const drip = setInterval(() => response.write(' '), 50);
  response.on('close', () => clearInterval(drip));
};

/** The request is taken, and never answered. */
export const silent: Misbehaviour = () => {};

export const reset: Misbehaviour = (request) => void request.socket.resetAndDestroy();

/** More is announced than comes. */
export const cutShort: Misbehaviour = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"access_token":"half', () => response.socket?.destroy());
};

/** Bytes instead of an answer. */
export const bytes =
  (content: string): Misbehaviour =>
  ({ socket }) =>
    void socket.end(content);
