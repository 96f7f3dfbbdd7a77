// What reads files back: records, keys, locks, the trail, the sandbox's state, settings, providers. Anybody may have edited
// them, and a crash or a bad disk may have left half of one.
import { appFromRecord, openAppSecret } from '../../src/connections/app-record.ts';
import { connectionFromFacts } from '../../src/connections/facts.ts';
import { createProviderBook } from '../../src/connections/provider-book.ts';
import { warnOfCutSignIns } from '../../src/connections/sign-in-journal.ts';
import { tokensFromJson } from '../../src/connections/tokens-at-rest.ts';
import { answerFast } from '../../src/fast.ts';
import { pipedList } from '../../src/fast-list.ts';
import { parseProvider } from '../../src/model/parse-provider.ts';
import { Secret } from '../../src/model/secret.ts';
import { readSettings } from '../../src/model/settings.ts';
import { shippedProviders } from '../../src/providers/generated-index.ts';
import { familyState, openStateFile } from '../../src/sandbox/state.ts';
import { keyFits, parseKeyFile } from '../../src/stores/key-file.ts';
import { parseKeyText } from '../../src/stores/key-text.ts';
import { freeEpoch, heldEpoch, lockEpochs } from '../../src/stores/lock-epochs.ts';
import { openRecord, parseRecord } from '../../src/stores/open-record.ts';
import { claimedHeader } from '../../src/stores/seal.ts';
import { writeRecord } from '../../src/stores/write-record.ts';
import { readReply } from '../../src/system/keychain-answers.ts';
import { textOf, trailIn, path as trailPath, withEntries } from '../audit/trail-in-world.ts';
import { createRig, plantConnection } from '../connections/rig.ts';
import { acmeFile, enterTree, paths } from '../connections/tree.ts';
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

async function recordTargets(): Promise<readonly Target[]> {
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
      feed: (input) => rewritten('apps', input, '{}', (read) => appFromRecord({ ...read, open: async () => ({}) })),
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
          openAppSecret({ ...read, open: async () => openRecord(read, sealKey) }),
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
function asJson(text: string): unknown {
  try {
    return JSON.parse(JSON.stringify(JSON.parse(text)));
  } catch {
    return undefined;
  }
}

function treeTargets(trail: string): readonly Target[] {
  const holder = { host: 'h', boot: 'b', space: 's', pid: 7, start: '1' };
  const journal = { version: 1, name: 'acme', provider: 'acme', at: 1_795_000_000_000, holder };
  return [
    {
      name: 'lock epoch',
      seeds: [freeEpoch, heldEpoch(holder, 'token', 3)],
      async feed(input) {
        const { files, system } = createWorld();
        files.set('/locks/a/7.json', input);
        await lockEpochs(system.files, '/locks/a').top();
      },
    },
    {
      name: 'names in a lock folder',
      seeds: ['1.json', '999999999999999.json', '0.json', '1e3.json'],
      async feed(input) {
        const { files, system } = createWorld();
        files.set(`/locks/a/${input.replaceAll('/', '')}`, freeEpoch);
        await lockEpochs(system.files, '/locks/a').top();
      },
    },
    {
      name: 'audit trail',
      seeds: [trail, trail.slice(0, -20), trail.trimEnd()],
      async feed(input) {
        const world = createWorld();
        world.files.set(trailPath, input);
        await trailIn(world).append({ type: 'token.refreshed', outcome: 'intent', provider: 'a', connection: 'a' });
      },
    },
    {
      name: 'sign-in journal',
      seeds: [JSON.stringify(journal)],
      async feed(input, hear) {
        const { world, workspace } = enterTree(createWorld());
        world.files.set(`${paths.data}/signing-in/acme.json`, input);
        await warnOfCutSignIns({ ...workspace, warn: hear });
      },
    },
    {
      name: "the sandbox's state",
      seeds: [JSON.stringify({ version: 1, switches: {}, violations: [], signingKey: null, families: { google: {} } })],
      async feed(input) {
        const { files, system } = createWorld();
        files.set('/state/sandbox.json', input);
        const file = openStateFile(system.files, '/state/sandbox.json');
        await file.change((state) => {
          familyState(state, 'acme', () => ({ grants: {} }));
          return [Object.entries(state.switches), state.violations.map(({ code }) => code)];
        });
      },
    },
    {
      name: 'settings.json',
      holdsNoSecret: true,
      seeds: ['{"key_source":"keychain"}', '{"key_source":"file:/keys/a"}'],
      async feed(input) {
        const { files, system } = createWorld();
        files.set('/config/settings.json', input);
        await readSettings(system.files, '/config');
      },
    },
    {
      name: 'file of an added provider',
      holdsNoSecret: true,
      seeds: [acmeFile()],
      async feed(input, hear) {
        const { files, system } = createWorld();
        files.set('/config/providers/acme.json', input);
        const book = createProviderBook({ files: system.files, configFolder: '/config', warn: hear });
        await book.list();
        await book.get('acme');
      },
    },
    {
      name: 'seal key as text',
      seeds: [key, `${key}\n`, key.slice(0, -2), planted],
      feed: (input) => parseKeyText(input),
    },
    {
      name: "reply of the keychain's process",
      seeds: [
        JSON.stringify({ ok: true, value: planted }),
        JSON.stringify({ ok: false, message: 'no result found' }),
        JSON.stringify({ ok: true, value: null }),
      ],
      feed(input, hear) {
        const reply = readReply(input);
        // A message is the binding's own; one that holds the key was put there by the mutation.
        if (!reply.ok && !input.includes('"message"')) hear(reply.message);
      },
    },
  ];
}

async function providerTargets(): Promise<readonly Target[]> {
  const shipped = await Promise.all(Object.values(shippedProviders).map((load) => load()));
  const seeds = shipped.map(({ provider }) => JSON.stringify({ ...provider, id: 'acme' }));
  return [{ name: 'provider file', holdsNoSecret: true, seeds, feed: (input) => parseProvider(asJson(input)) }];
}

export async function restTargets(): Promise<readonly Target[]> {
  const trail = textOf(await withEntries(3));
  return [...(await recordTargets()), ...treeTargets(trail), ...(await providerTargets())];
}
