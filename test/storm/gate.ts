// The sandbox as a standing server, with a gate in front that tells when a refresh was asked for and when its answer had left.
// Trello's authorization server is taken: public client, refresh tokens good once, and here a second use ends the whole grant.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type * as published from '../../sandbox.d.ts';

const host = 'auth.atlassian.com';

/** One that the server acted on; a request that was cut off before its end is none. */
export interface Refresh {
  /** What was handed out; undefined when the refresh was refused. */
  readonly accessToken: string | undefined;
  /** Undefined while it is not, or when nobody was left to take the answer. */
  answeredAt: number | undefined;
}

export interface Watcher {
  /** The server has spent the token, and nothing of the answer has left. */
  spent(): void;
  /** All of it is with the operating system. */
  answered(): void;
}

export interface Gate {
  /** For `provider add --file`. */
  readonly provider: object;
  readonly clientId: string;
  /** How long the access tokens live that are handed out from now on. */
  lifeSeconds(seconds: number): Promise<void>;
  /** The refreshes from now on go into this list, or into none. */
  note(...round: [Refresh[], Watcher] | [undefined]): void;
  /** What the sandbox holds against its client. */
  slips(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** `packageRoot`: the program under test, whose sandbox it is, too. */
export async function openGate(packageRoot: string): Promise<Gate> {
  const { startSandbox } = createRequire(import.meta.url)(
    join(packageRoot, 'dist/start-sandbox.cjs'),
  ) as typeof published;
  const sandbox = await startSandbox({ providers: ['trello'], faults: ['reuse=kills', 'jitter=30@trello.token'] });
  let noted: readonly [Refresh[], Watcher] | readonly [undefined] = [undefined];

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const answer = await ask(sandbox.origin, request, body);
    response.writeHead(answer.status, answer.headers);
    const [refreshes, watcher] = isRefresh(body) ? noted : [undefined];
    if (refreshes === undefined) return void response.end(answer.body);
    const refresh: Refresh = { accessToken: accessTokenIn(answer.body), answeredAt: undefined };
    refreshes.push(refresh);
    watcher?.spent();
    response.end(answer.body, () => {
      refresh.answeredAt = performance.now();
      watcher?.answered();
    });
  }

  // A client that was killed cuts its request off, and has no answer.
  const server = createServer((request, response) => void pass(request, response).catch(() => response.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${host}`;
  return {
    provider: providerAt(issuer),
    clientId: sandbox.apps.trello?.clients.oauth2?.clientId ?? '',
    lifeSeconds: async (seconds) => void (await sandbox.switch(`access-life=${seconds}`)),
    note: (...round) => {
      noted = round;
    },
    slips: async () => (await sandbox.violations()).map(({ code }) => code),
    async close() {
      server.closeAllConnections();
      server.close();
      await sandbox.close();
    },
  };
}

/** As a person would describe it: docs/adding-a-provider.md. */
const providerAt = (issuer: string) => ({
  issuer,
  endpoints: { authorization: `${issuer}/authorize`, token: `${issuer}/oauth/token` },
  clientAuth: 'none',
  tokenBody: 'json',
  redirect: { hosts: ['localhost'], ports: 'registered', path: '/callback/trello' },
  pkce: 'required',
  authorizeParams: { prompt: 'consent' },
  scopes: { default: ['read:board:trello', 'offline_access'] },
  rotation: 'always',
});

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

async function ask(origin: string, { method, url, headers }: IncomingMessage, body: string): Promise<Answer> {
  const passed = ['content-type', 'accept'].flatMap((name) => (headers[name] ? [[name, String(headers[name])]] : []));
  const answer = await fetch(`${origin}${url}`, {
    method: method ?? 'GET',
    headers: Object.fromEntries(passed),
    redirect: 'manual',
    ...(method === 'POST' && { body }),
  });
  const shown = [...answer.headers].filter(
    ([name]) => !['connection', 'keep-alive', 'transfer-encoding'].includes(name),
  );
  return { status: answer.status, headers: Object.fromEntries(shown), body: await answer.text() };
}

function isRefresh(body: string): boolean {
  return body.startsWith('{') && (JSON.parse(body) as { grant_type?: string }).grant_type === 'refresh_token';
}

function accessTokenIn(body: string): string | undefined {
  return (JSON.parse(body) as { access_token?: string }).access_token;
}
