// A tree with stored grants, over a provider that answers plainly: what checks of the verbs stand on.
import type { Workspace } from '../../src/connections/workspace.ts';
import { writeConnection } from '../../src/connections/write-connection.ts';
import type { Connection, RoleTokens } from '../../src/model/connection.ts';
import type { Fetch } from '../../src/model/ports.ts';
import type { Provider } from '../../src/model/provider.ts';
import { Secret } from '../../src/model/secret.ts';
import { enterTree } from '../connections/tree.ts';
import { createWorld } from '../support/world.ts';

const clientId = '123456789012-a.apps.googleusercontent.com';

export const liveToken: RoleTokens = {
  access: new Secret('placeholder-access-token'),
  tokenType: 'Bearer',
  expiresAt: null,
  issuedSeconds: null,
  refresh: new Secret('1//placeholder-refresh-token'),
};

export function connectionOf({ id, issuer, endpoints }: Provider, facts: Partial<Connection>): Connection {
  return {
    name: id,
    provider: id,
    label: null,
    issuer,
    tokenOrigins: [new URL(endpoints.token).origin],
    account: { id: '1', name: 'ann@example.com' },
    app: 'default',
    clientId,
    kind: 'desktop',
    flow: 'loopback',
    roles: ['access'],
    scopes: { asked: [], granted: [], missing: [] },
    accessToken: { expiresAt: null, refreshable: true },
    refreshToken: { present: true, rotates: false, expiresAt: null },
    grant: { endsAt: null, reason: null },
    grantIssuedSeconds: null,
    resource: null,
    createdAt: 0,
    refreshedAt: null,
    provedAt: null,
    spending: null,
    refused: null,
    host: 'fake-host',
    ...facts,
  };
}

export interface Grants {
  readonly workspace: Workspace;
  /** Address without query → answer; anything else is answered 200 with an empty object. */
  readonly answers: Map<string, { readonly status: number; readonly body: string }>;
  readonly mostAtOnce: () => number;
  store(provider: Provider, facts: Partial<Connection>): Promise<Connection>;
}

export async function plantGrants(providers: readonly Provider[]): Promise<Grants> {
  const answers: Grants['answers'] = new Map();
  let running = 0;
  let most = 0;
  const fetch: Fetch = async ({ url }) => {
    running++;
    most = Math.max(most, running);
    await world.system.clock.sleep(100);
    running--;
    return {
      headers: { 'content-type': 'application/json' },
      status: 200,
      body: '{}',
      ...answers.get(url.split('?')[0] ?? ''),
    };
  };
  const env = Object.fromEntries(
    providers.flatMap(({ id }) => {
      const name = `OAUTHCTL_${id.replaceAll('-', '_').toUpperCase()}_CLIENT`;
      return [
        [`${name}_ID`, clientId],
        [`${name}_SECRET`, 'held'],
      ];
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
    answers,
    mostAtOnce: () => most,
    store: async (provider, facts) => {
      const connection = connectionOf(provider, { createdAt: world.now(), provedAt: world.now(), ...facts });
      const lock = await workspace.store.lock({ kind: 'connections', name: connection.name }, { waitMs: 1_000 });
      const tokens = { roles: { access: liveToken }, idToken: null };
      await writeConnection(workspace, { connection, tokens, lock, replaces: 0 });
      await lock.release();
      return connection;
    },
  };
}
