// What reads records and the key's file back, whole or with a seal that fits.
import { appFromRecord, openAppSecret } from '../../src/connections/app-record.ts';
import { connectionFromFacts } from '../../src/connections/facts.ts';
import { tokensFromJson } from '../../src/connections/tokens-at-rest.ts';
import { answerFast } from '../../src/fast.ts';
import { pipedList } from '../../src/fast-list.ts';
import { Secret } from '../../src/model/secret.ts';
import { keyFits, parseKeyFile } from '../../src/stores/key-file.ts';
import { openRecord, parseRecord } from '../../src/stores/open-record.ts';
import { claimedHeader } from '../../src/stores/seal.ts';
import { writeRecord } from '../../src/stores/write-record.ts';
import { createRig, plantConnection } from '../connections/rig.ts';
import { enterTree, paths } from '../connections/tree.ts';
import { createWorld, type World } from '../support/world.ts';
import type { Target } from './harness.ts';
import { planted } from './inputs.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const sealKey = { kid: 'kid-1', bytes: new Secret(key) };
const nonce = Buffer.alloc(12, 9);
const binding = { provider: 'acme', issuer: 'https://acme.example', clientId: 'acme-client' };

function withKey(): World {
  const world = createWorld({ env: { OAUTHCTL_KEY: key } });
  world.files.set('/keys/oauthctl', `${key}\n`);
  return world;
}

/** A tree with one connection, and the texts that make it up. */
async function plantedTree() {
  const rig = createRig();
  const { workspace } = await rig.process();
  const mark = { role: 'access', fingerprint: 'f', at: rig.world.now(), by: 'process 1' };
  await plantConnection(workspace, { spending: [mark] });
  const text = (path: string) => rig.world.files.get(path) ?? '';
  return { record: text('/data/connections/acme.json'), keyFile: text('/data/key.json') };
}

export async function recordTargets(): Promise<readonly Target[]> {
  const { record, keyFile } = await plantedTree();
  const { facts } = JSON.parse(record);
  const app = { provider: 'acme', name: 'default', kind: 'native', client_auth: 'post', redirect_uri: null };
  const appFacts = { ...app, tenant: null, has_secret: true, created_at: '2026-11-25T10:00:00Z' };
  const sealed = { roles: { access: { access_token: planted, expires_at: null, refresh_token: planted } } };
  const world = (): World => {
    const made = withKey();
    made.files.set(`${paths.data}/key.json`, keyFile);
    return made;
  };
  const fastPorts = ({ system }: World) => ({
    env: system.env,
    files: system.files,
    nowAt: system.clock.now(),
    keychainGet: async () => undefined,
    print: () => {},
  });
  return [
    {
      name: 'record file',
      seeds: [record],
      feed(input) {
        const parsed = parseRecord(input, { kind: 'connections', name: 'acme' });
        connectionFromFacts('acme', parsed.binding, parsed.facts);
        tokensFromJson(openRecord(parsed, sealKey), 'acme');
      },
    },
    {
      name: 'record file in the store, and on the fast path',
      seeds: [record],
      async feed(input) {
        const machine = world();
        machine.files.set(`${paths.data}/connections/acme.json`, input);
        await answerFast(['token', 'acme'], fastPorts(machine));
        await pipedList(fastPorts(machine));
        const { store } = enterTree(machine).workspace;
        await store.list('connections');
        await (await store.read({ kind: 'connections', name: 'acme' }))?.open();
      },
    },
    {
      name: 'facts of a connection, sealed well',
      seeds: [JSON.stringify(facts)],
      feed: (input) =>
        rewritten('connections', input, '{}', (read) => connectionFromFacts('acme', binding, read.facts)),
    },
    {
      name: 'facts of an app, sealed well',
      seeds: [JSON.stringify(appFacts)],
      feed: (input) => rewritten('apps', input, '{}', (read) => appFromRecord(read)),
    },
    {
      name: 'tokens of a connection, sealed well',
      seeds: [JSON.stringify(sealed)],
      feed: (input) =>
        rewritten('connections', '{}', input, (read) => tokensFromJson(openRecord(read, sealKey), 'acme')),
    },
    {
      name: 'secret of an app, sealed well',
      seeds: [JSON.stringify({ client_secret: planted })],
      feed: (input) =>
        rewritten('apps', '{}', input, (read) =>
          openAppSecret({
            ...read,
            store: 'files',
            sealedWith: undefined,
            open: async () => openRecord(read, sealKey),
          }),
        ),
    },
    {
      name: 'key.json',
      seeds: [keyFile],
      async feed(input) {
        const machine = withKey();
        machine.files.set(`${paths.data}/key.json`, input);
        await answerFast(['token', 'acme'], fastPorts(machine));
        const { keyring } = enterTree(machine).workspace;
        await keyring.describe();
        await keyring.key();
      },
    },
    {
      name: 'header of a seal',
      seeds: [JSON.stringify(claimedHeader(JSON.parse(record).sealed)), '{"alg":"dir","enc":"A256GCM","kid":"k"}'],
      feed(input) {
        const part = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64url');
        const sealed = [part(input), '', part(nonce), part('text'), part(Buffer.alloc(16))].join('.');
        keyFits(parseKeyFile(JSON.stringify({ ...JSON.parse(keyFile), check: sealed }), 'key.json'), sealKey.bytes);
        openRecord({ ...parseRecord(record, { kind: 'connections', name: 'acme' }), sealed }, sealKey);
      },
    },
    {
      name: 'key.draft.json',
      seeds: [JSON.stringify({ ...JSON.parse(keyFile), check: undefined })],
      async feed(input) {
        const machine = withKey();
        machine.files.set(`${paths.data}/key.draft.json`, input);
        await enterTree(machine).workspace.keyring.key();
      },
    },
  ];
}

/** A record whose seal fits: what an older or a newer version may have written. */
function rewritten<T>(
  kind: 'connections' | 'apps',
  facts: string,
  secrets: string,
  read: (record: ReturnType<typeof parseRecord>) => T,
): T | undefined {
  const parts = [facts, secrets].map(asJson);
  if (!parts.every((part) => typeof part === 'object' && part !== null && !Array.isArray(part))) return undefined;
  const [clear, closed] = parts as [never, never];
  const ref = { kind, name: 'acme' };
  return read(parseRecord(writeRecord(ref, { binding, facts: clear, secrets: closed }, 1, sealKey, nonce), ref));
}

/** Undefined too for what JSON.stringify cannot take back: nobody wrote that. */
export function asJson(text: string): unknown {
  try {
    return JSON.parse(JSON.stringify(JSON.parse(text)));
  } catch {
    return undefined;
  }
}
