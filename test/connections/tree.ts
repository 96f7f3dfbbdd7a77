// A workspace in the fake world over the real store and provider book: what the tests of apps and providers stand on.
import type { AuditEvent } from '../../src/audit/trail.ts';
import { addedToText, createProviderBook } from '../../src/connections/provider-book.ts';
import type { Workspace } from '../../src/connections/workspace.ts';
import { writeConnection } from '../../src/connections/write-connection.ts';
import { CliError } from '../../src/errors.ts';
import type { Connection } from '../../src/model/connection.ts';
import { parseProvider } from '../../src/model/parse-provider.ts';
import { createKeyring } from '../../src/stores/create-keyring.ts';
import { createStore } from '../../src/stores/create-store.ts';
import { fileSource } from '../../src/stores/key-sources/file-source.ts';
import { createWorld, type World, type WorldOptions } from '../support/world.ts';

export interface Tree {
  readonly world: World;
  readonly workspace: Workspace;
  readonly warnings: string[];
  readonly events: AuditEvent[];
  /** Stores a connection without tokens. */
  readonly connect: (facts: Pick<Connection, 'name' | 'provider' | 'app' | 'clientId'>) => Promise<void>;
}

export const paths = { config: '/home/ann/.config/oauthctl', data: '/home/ann/.local/share/oauthctl', state: '/state' };

export function plantTree(options: WorldOptions = {}): Tree {
  return enterTree(createWorld(options));
}

/** The tree of that world, met by a new process. */
export function enterTree(world: World): Tree {
  const { system } = world;
  // Makes the folder, as a person has.
  if (world.files.get('/keys/README') === undefined) world.files.set('/keys/README', '');
  const warnings: string[] = [];
  const events: AuditEvent[] = [];
  const warn = (message: string) => void warnings.push(message);
  const { files, random, clock, liveness } = system;
  const keychain = () => system.keychain;
  const deps = { files, random, clock, liveness, keychain, dataFolder: paths.data, warn };
  const choice = { explicit: undefined, fallback: { type: 'file', path: '/keys/oauthctl' } } as const;
  const keyring = createKeyring({ ...deps, choice, source: () => fileSource(files, '/keys/oauthctl') });
  const workspace: Workspace = {
    system,
    paths,
    store: createStore({ ...deps, keyring }),
    keyring,
    providers: createProviderBook({ files, configFolder: paths.config, warn }),
    audit: { append: async (event) => void events.push(event) },
    networkWaitMs: 10_000,
    writeBack: async () => ({ kind: 'not_needed' }),
    say: () => {},
    tell: () => {},
    warn,
    trace: () => {},
  };
  return { world, workspace, warnings, events, connect: (facts) => storeConnection(workspace, facts) };
}

async function storeConnection(
  workspace: Workspace,
  facts: Pick<Connection, 'name' | 'provider' | 'app' | 'clientId'>,
): Promise<void> {
  const { store, system } = workspace;
  const connection: Connection = {
    ...facts,
    label: null,
    issuer: 'https://accounts.google.com',
    tokenOrigins: ['https://oauth2.googleapis.com'],
    account: { id: '1', name: 'ann@example.com' },
    kind: 'desktop',
    tenant: null,
    flow: 'loopback',
    roles: ['access'],
    scopes: { asked: [], granted: [], missing: [] },
    accessToken: { expiresAt: null, refreshable: false },
    refreshToken: { present: false, rotates: null, expiresAt: null },
    grant: { endsAt: null, reason: null },
    grantIssuedSeconds: null,
    resource: null,
    createdAt: system.clock.now(),
    refreshedAt: null,
    provedAt: null,
    spending: [],
    refused: [],
    host: 'fake-host',
  };
  const lock = await store.lock({ kind: 'connections', name: facts.name }, { waitMs: 1_000 });
  await writeConnection(workspace, { connection, tokens: { roles: {}, idToken: null }, lock, replaces: 0 });
  await lock.release();
}

/** The refusal that the work ends in. */
export async function refusal(work: Promise<unknown>): Promise<CliError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof CliError) return error;
  throw new Error('was not refused', { cause: error });
}

/** The smallest server that a file can describe, at that host, as the file of an added provider. */
export function acmeFile(host = 'id.acme.example', id = 'acme'): string {
  const issuer = `https://${host}`;
  const endpoints = { authorization: `${issuer}/authorize`, token: `${issuer}/token` };
  return addedToText({ from: 'file', provider: parseProvider({ id, issuer, endpoints }) });
}

/** Where an added provider rests. */
export const providerFile = (id: string) => `${paths.config}/providers/${id}.json`;
