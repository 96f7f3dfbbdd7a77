// Copies a real connection under many names, sealed and written by the program's own store: bench/plant.ts NAME COUNT.
import { openContext } from '../src/context.ts';
import { realSystem } from '../src/system/real-system.ts';
import { createSpeaker } from '../src/ui/speaker.ts';

const [name = '', count = '1'] = process.argv.slice(2);
const childPath = new URL('../dist/keychain-child.cjs', import.meta.url).pathname;
const system = realSystem({ version: 'bench', childPath, noInput: true });
const flags = {
  json: false,
  quiet: true,
  verbose: false,
  noInput: true,
  sandbox: false,
  sandboxConsent: undefined,
  key: undefined,
  store: undefined,
  requireProtection: undefined,
  configDir: undefined,
  dataDir: undefined,
  stateDir: undefined,
  timeoutSeconds: undefined,
  envFile: undefined,
  writeBack: undefined,
  caFile: undefined,
} as const;
const speaker = createSpeaker(system.streams, system.env, flags);
const { context, close } = await openContext({ flags, system, speaker, version: 'bench', show: async () => undefined });
const { store } = await context.workspace();
const model = await store.read({ kind: 'connections', name });
if (model === undefined) throw new Error(`no connection '${name}' to copy`);
const secrets = await model.open();
for (let index = 1; index < Number(count); index++) {
  const label = `n${index}`;
  const ref = { kind: 'connections', name: `${name}:${label}` } as const;
  const lock = await store.lock(ref, { waitMs: 10_000 });
  await store.write(ref, { binding: model.binding, facts: { ...model.facts, label }, secrets }, lock, 0);
  await lock.release();
}
await close();
