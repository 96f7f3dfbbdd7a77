// What reads other files back: locks, the trail, the sandbox's state, settings, providers. Anybody may have edited
// them, and a crash or a bad disk may have left half of one.
import { createProviderBook } from '../../src/connections/provider-book.ts';
import { warnOfCutSignIns } from '../../src/connections/sign-in-journal.ts';
import { parseProvider } from '../../src/model/parse-provider.ts';
import { readSettings } from '../../src/model/settings.ts';
import { shippedProviders } from '../../src/providers/generated-index.ts';
import { familyState, openStateFile } from '../../src/sandbox/state.ts';
import { parseKeyText } from '../../src/stores/key-text.ts';
import { freeEpoch, heldEpoch, lockEpochs } from '../../src/stores/lock-epochs.ts';
import { readReply } from '../../src/system/keychain-answers.ts';
import { textOf, trailIn, path as trailPath, withEntries } from '../audit/trail-in-world.ts';
import { acmeFile, enterTree, paths } from '../connections/tree.ts';
import { createWorld } from '../support/world.ts';
import type { Target } from './harness.ts';
import { planted } from './inputs.ts';
import { asJson, recordTargets } from './record-targets.ts';

const key = Buffer.alloc(32, 7).toString('base64');

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
