// A tree with stored grants, over a provider that answers plainly: what checks of the verbs stand on.
import type { Workspace } from '../../src/connections/workspace.ts';
import { writeConnection } from '../../src/connections/write-connection.ts';
import type { Connection, RoleTokens } from '../../src/model/connection.ts';
import { environmentName } from '../../src/model/names.ts';
import type { Fetch } from '../../src/model/ports.ts';
import type { Provider } from '../../src/model/provider.ts';
import { providerForApp } from '../../src/model/provider-for-app.ts';
import { Secret } from '../../src/model/secret.ts';
import { rolesOf } from '../../src/model/token-roles.ts';
import { enterTree } from '../connections/tree.ts';
import { createWorld } from '../support/world.ts';

export interface Credentials {
  readonly clientId: string;
  readonly secret: Secret | undefined;
}

const liveToken: RoleTokens = {
  access: new Secret('placeholder-access-token'),
  tokenType: 'Bearer',
  expiresAt: null,
  issuedSeconds: null,
  refresh: new Secret('placeholder-refresh-token'),
};

/** Of the provider's first kind of app, in its default tenant. */
export function connectionOf(whole: Provider, facts: Partial<Connection>): Connection {
  const { id, kinds, tenant } = whole;
  const kind = kinds[0]?.id ?? '';
  const { issuer, endpoints } = providerForApp(whole, kind, null);
  return {
    name: id,
    provider: id,
    label: null,
    issuer,
    tokenOrigins: endpoints.token === null ? [] : [new URL(endpoints.token).origin],
    account: { id: '1', name: 'mira@example.com' },
    app: 'default',
    clientId: 'placeholder',
    kind,
    tenant: tenant?.default ?? null,
    flow: 'loopback',
    roles: rolesOf(whole).map((role) => role.id),
    scopes: { asked: [], granted: [], missing: [] },
    accessToken: { expiresAt: null, refreshable: true },
    refreshToken: { present: true, rotates: false, expiresAt: null },
    grant: { endsAt: null, reason: null },
    grantIssuedSeconds: null,
    resource: null,
    createdAt: 0,
    refreshedAt: null,
    provedAt: null,
    spending: [],
    refused: [],
    host: 'fake-host',
    ...facts,
  };
}

export interface Grants {
  readonly workspace: Workspace;
  readonly mostAtOnce: () => number;
  store(provider: Provider, facts: Partial<Connection>): Promise<Connection>;
}

/** Everything is answered 200 with an empty object. */
export async function plantGrants(providers: readonly Provider[], { clientId, secret }: Credentials): Promise<Grants> {
  let running = 0;
  let most = 0;
  const fetch: Fetch = async () => {
    running++;
    most = Math.max(most, running);
    await world.system.clock.sleep(100);
    running--;
    return { headers: { 'content-type': 'application/json' }, status: 200, body: '{}' };
  };
  const env = Object.fromEntries(
    providers.flatMap(({ id }) => {
      const name = `OAUTHCTL_${environmentName(id)}_CLIENT`;
      const withSecret = secret === undefined ? [] : [[`${name}_SECRET`, secret.reveal()]];
      return [[`${name}_ID`, clientId], ...withSecret];
    }),
  );
  const world = createWorld({ env, fetch });
  const { workspace: plain } = enterTree(world);
  const book = new Map(providers.map((provider) => [provider.id, { provider, source: 'shipped' as const }]));
  const get = async (id: string) => {
    const entry = book.get(id);
    if (entry === undefined) throw new Error(`there is no provider '${id}' in this tree`);
    return entry;
  };
  const workspace = { ...plain, providers: { ...plain.providers, get, list: async () => [...book.values()] } };
  return {
    workspace,
    mostAtOnce: () => most,
    store: async (provider, facts) => {
      const times = { createdAt: world.now(), provedAt: world.now() };
      const connection = connectionOf(provider, { clientId, ...times, ...facts });
      const lock = await workspace.store.lock({ kind: 'connections', name: connection.name }, { waitMs: 1_000 });
      const tokens = { roles: Object.fromEntries(connection.roles.map((role) => [role, liveToken])), idToken: null };
      await writeConnection(workspace, { connection, tokens, lock, replaces: 0 });
      await lock.release();
      return connection;
    },
  };
}
