// One connection at a strict authorization server, in the fake world: every part of the program is the real one.
import type { ConnectRequest } from '../../src/connections/connect-plan.ts';
import { addedPath, addedToText, providersFolder } from '../../src/connections/provider-book.ts';
import type { Workspace } from '../../src/connections/workspace.ts';
import { writeConnection } from '../../src/connections/write-connection.ts';
import { type GlobalFlags, openContext } from '../../src/context.ts';
import type { Connection } from '../../src/model/connection.ts';
import type { WireRequest, WireResponse } from '../../src/model/ports.ts';
import { Secret } from '../../src/model/secret.ts';
import { providerFromMetadata } from '../../src/oauth/provider-from-metadata.ts';
import { readMetadata } from '../../src/oauth/server-metadata.ts';
import { createSpeaker } from '../../src/ui/speaker.ts';
import { createWorld, type World } from '../support/world.ts';

export const issuer = 'https://acme.example';
const clientId = 'acme-client';

/** Rotates refresh tokens; one that comes a second time ends the family, as RFC 9700 §4.14.2 asks of servers. */
interface AcmeServer {
  refresh: string;
  access: string;
  dead: boolean;
  rotates: boolean;
  /** Refresh requests that were acted on. */
  spends: number;
  accountId: string;
  /** What the token endpoint answers for the code; undefined: none, so no refresh token either. */
  scope: string | undefined;
  /** Answers instead of the server; undefined: the server itself. Called after the server has acted when `late`. */
  instead: ((request: WireRequest) => Promise<WireResponse> | undefined) | undefined;
  late: boolean;
}

export interface Rig {
  readonly world: World;
  readonly server: AcmeServer;
  /** The workspace of a new process on the same machine. */
  process(options?: { terminal?: boolean; writeBack?: string }): Promise<{ world: World; workspace: Workspace }>;
}

const flags: GlobalFlags = {
  json: false,
  quiet: false,
  verbose: false,
  noInput: false,
  sandbox: false,
  sandboxConsent: undefined,
  key: undefined,
  store: undefined,
  requireProtection: undefined,
  configDir: '/config',
  dataDir: '/data',
  stateDir: '/state',
  timeoutSeconds: undefined,
  envFile: undefined,
  writeBack: undefined,
  caFile: undefined,
};

function createServer(): AcmeServer {
  return {
    refresh: 'refresh-0',
    access: 'access-0',
    dead: false,
    rotates: true,
    spends: 0,
    accountId: 'account-1',
    scope: undefined,
    instead: undefined,
    late: false,
  };
}

/** `server`: of another rig, whose machine is then another one of the same person. */
export function createRig(server = createServer()): Rig {
  const world = createWorld({
    env: {
      OAUTHCTL_KEY: Buffer.alloc(32, 7).toString('base64'),
      OAUTHCTL_ACME_CLIENT_ID: clientId,
    },
    fetch: (request) => answer(server, request),
  });
  addProvider(world);
  return {
    world,
    server,
    async process({ writeBack, ...options } = {}) {
      const another = world.another(options);
      const speaker = createSpeaker(another.system.streams, another.system.env, { ...flags, verbose: true });
      const show = async () => {};
      const { context } = await openContext({
        flags: { ...flags, writeBack },
        system: another.system,
        speaker,
        version: 'test',
        show,
      });
      return { world: another, workspace: await context.workspace() };
    },
  };
}

function addProvider(world: World): void {
  const metadata = readMetadata(issuer, {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    revocation_endpoint: `${issuer}/revoke`,
    token_endpoint_auth_methods_supported: ['none'],
  });
  const provider = providerFromMetadata('acme', metadata, { scopes: ['openid'], apiOrigins: [] });
  const path = addedPath(world.system.files, providersFolder(world.system.files, '/config'), 'acme');
  world.files.set(path, addedToText({ from: 'issuer', provider }));
}

async function answer(server: AcmeServer, request: WireRequest): Promise<WireResponse> {
  if (!server.late) {
    const other = server.instead?.(request);
    if (other !== undefined) return other;
  }
  const acted = act(server, request);
  const other = server.late ? server.instead?.(request) : undefined;
  return other ?? acted;
}

function act(server: AcmeServer, request: WireRequest): WireResponse {
  const { pathname } = new URL(request.url);
  const bearer = request.headers.authorization?.replace(/^bearer /i, '');
  if (pathname === '/userinfo') {
    if (server.dead || bearer !== server.access) return json(401, { error: 'invalid_token' });
    return json(200, { sub: server.accountId, email: 'ann@acme.example' });
  }
  const form = new URLSearchParams(request.body);
  if (pathname === '/revoke') {
    if (form.get('token') === server.refresh || form.get('token') === server.access) server.dead = true;
    return { status: 200, headers: {}, body: '' };
  }
  if (pathname !== '/token') return json(404, { error: 'not_found' });
  if (form.get('grant_type') === 'authorization_code') return exchange(server, form);
  if (server.dead || form.get('refresh_token') !== server.refresh) {
    server.dead = true;
    return json(400, { error: 'invalid_grant' });
  }
  server.spends++;
  server.access = `access-${server.spends}`;
  if (server.rotates) server.refresh = `refresh-${server.spends}`;
  const rotated = server.rotates ? { refresh_token: server.refresh } : {};
  return json(200, { access_token: server.access, token_type: 'Bearer', expires_in: 3600, ...rotated });
}

function exchange(server: AcmeServer, form: URLSearchParams): WireResponse {
  if (form.get('code') !== 'code-1' || !form.get('code_verifier')) return json(400, { error: 'invalid_grant' });
  const { access, refresh, scope } = server;
  const granted = { access_token: access, refresh_token: refresh, token_type: 'Bearer', expires_in: 3600 };
  return json(200, scope === undefined ? granted : { ...granted, scope });
}

/** A browser whose person agrees: it goes back to where the authorization request said. */
export function agree(world: World, params: Record<string, string> = { code: 'code-1' }): void {
  world.browser = async (url) => {
    const asked = new URL(url).searchParams;
    const back = new URL(asked.get('redirect_uri') ?? '');
    for (const [name, value] of Object.entries({ ...params, state: asked.get('state') ?? '' })) {
      back.searchParams.set(name, value);
    }
    const answer = await world.visit(back.href);
    const next = answer.headers.location;
    return next === undefined ? answer : world.visit(new URL(next, back).href);
  };
}

export function json(status: number, body: unknown): WireResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** A stored connection whose access token has ended an hour ago. */
export async function plantConnection(workspace: Workspace, changes: Partial<Connection> = {}): Promise<void> {
  const nowAt = workspace.system.clock.now();
  const expiresAt = changes.accessToken?.expiresAt ?? nowAt - 3_600_000;
  const { host } = await workspace.system.liveness.self();
  const connection: Connection = {
    name: 'acme',
    provider: 'acme',
    label: null,
    issuer,
    tokenOrigins: [issuer],
    account: { id: 'account-1', name: 'ann@acme.example' },
    app: 'default',
    clientId,
    kind: 'native',
    tenant: null,
    flow: 'loopback',
    roles: ['access'],
    scopes: { asked: ['openid'], granted: ['openid'], missing: [] },
    accessToken: { expiresAt, refreshable: true },
    refreshToken: { present: true, rotates: true, expiresAt: null },
    grant: { endsAt: null, reason: null },
    grantIssuedSeconds: null,
    resource: null,
    createdAt: nowAt - 86_400_000,
    refreshedAt: null,
    provedAt: nowAt - 7_200_000,
    spending: [],
    refused: [],
    host,
    ...changes,
  };
  const held = {
    access: new Secret('access-0'),
    tokenType: 'Bearer',
    expiresAt: connection.accessToken.expiresAt,
    issuedSeconds: 3600,
    refresh: connection.refreshToken.present ? new Secret('refresh-0') : null,
  };
  const tokens = { roles: { access: held }, idToken: null };
  const lock = await workspace.store.lock({ kind: 'connections', name: connection.name }, { waitMs: 1000 });
  await writeConnection(workspace, { connection, tokens, lock, replaces: 0 });
  await lock.release();
}

/** `oauthctl connect acme`, nothing more said. */
export const signIn: ConnectRequest = {
  target: 'acme',
  as: undefined,
  scopes: [],
  app: undefined,
  tenant: undefined,
  loginHint: undefined,
  port: undefined,
  redirectUri: undefined,
  flow: 'auto',
  openBrowser: true,
  waitSeconds: 300,
  params: {},
  resource: undefined,
};
