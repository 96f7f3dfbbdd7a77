// One tree with everything in it that the program keeps: what test/stores/formats holds, as the present code writes it.
import { appRef, appToContent } from '../../src/connections/app-record.ts';
import { connect } from '../../src/connections/connect.ts';
import { freshen } from '../../src/connections/freshen.ts';
import { CliError } from '../../src/errors.ts';
import { Secret } from '../../src/model/secret.ts';
import { createSandbox } from '../../src/sandbox/create-sandbox.ts';
import { agree, createRig, plantConnection, type Rig, signIn } from '../connections/rig.ts';

const asked = { minValidSeconds: 60, force: true, explicit: true };

/** Path → text of every file. */
export async function writeTree(): Promise<ReadonlyMap<string, string>> {
  const rig = createRig();
  await refreshed(rig);
  await cut(rig, 'acme:cut', 'cut');
  await refusedAfterCut(rig);
  await storedApp(rig);
  await heldLock(rig);
  await touchedSandbox(rig);
  await cutSignIn(rig);
  const files = rig.world.files.paths('/').map((path) => [path, rig.world.files.get(path) ?? ''] as const);
  return new Map([...files, ['/draft/key.draft.json', await keyDraft()]]);
}

const begin = (rig: Rig) =>
  Object.assign(rig.server, { refresh: 'refresh-0', access: 'access-0', dead: false, spends: 0, instead: undefined });

async function refreshed(rig: Rig): Promise<void> {
  await plantConnection((await rig.process()).workspace);
  await freshen((await rig.process()).workspace, 'acme', asked);
}

async function cut(rig: Rig, name: string, label: string): Promise<void> {
  begin(rig);
  await plantConnection((await rig.process()).workspace, { name, label });
  const lost = () => Promise.reject(new CliError('timed_out', 'no answer', { cause: { sent: true } }));
  rig.server.instead = lost;
  await freshen((await rig.process()).workspace, name, asked);
}

async function refusedAfterCut(rig: Rig): Promise<void> {
  await cut(rig, 'acme:dead', 'dead');
  begin(rig);
  rig.server.refresh = 'refresh-of-another';
  await freshen((await rig.process()).workspace, 'acme:dead', asked);
  begin(rig);
}

async function storedApp(rig: Rig): Promise<void> {
  const { workspace } = await rig.process();
  const { provider } = await workspace.providers.get('acme');
  const app = {
    provider: 'acme',
    name: 'work',
    kind: 'native',
    clientId: 'work-client',
    clientAuth: 'post',
    redirectUri: 'http://127.0.0.1:8080/cb',
    tenant: null,
    hasSecret: true,
    source: 'stored',
    createdAt: workspace.system.clock.now(),
  } as const;
  const ref = appRef('acme', 'work');
  const lock = await workspace.store.lock(ref, { waitMs: 1_000 });
  await workspace.store.write(ref, appToContent(provider, app, new Secret('the-app-secret')), lock, 0);
  await lock.release();
}

/** By a process that died. */
async function heldLock(rig: Rig): Promise<void> {
  const victim = await rig.process();
  await victim.workspace.store.lock({ kind: 'connections', name: 'acme' }, { waitMs: 1_000 });
  victim.world.die();
}

async function touchedSandbox({ world: { system } }: Rig): Promise<void> {
  const { files, clock, random } = system;
  const lock = <T>(body: () => Promise<T>) => body();
  const sandbox = createSandbox({ files, clock, random, stateFile: '/state/sandbox.json', lock });
  await sandbox.control(['http-429=30*2']);
  await sandbox.answer({ method: 'GET', url: 'https://oauth2.googleapis.com/nothing', headers: {}, body: '' });
}

/** Between the provider's answer and the save. */
async function cutSignIn(rig: Rig): Promise<void> {
  const victim = await rig.process();
  agree(victim.world);
  rig.server.accountId = 'account-2';
  const path = '/data/connections/acme%3Anew.json';
  rig.world.files.faults.push({ kind: 'killed', nth: 1, method: 'replaceOwn', path: /connections\/acme%3Anew\.json$/ });
  void connect(victim.workspace, { ...signIn, as: 'new' });
  await called(rig, `replaceOwn ${path}`);
}

/** Of a tree whose first run died before key.json was there. */
async function keyDraft(): Promise<string> {
  const rig = createRig();
  const victim = await rig.process();
  rig.world.files.faults.push({ kind: 'killed', nth: 1, method: 'replaceOwn', path: /key\.json$/ });
  void victim.workspace.keyring.key();
  await called(rig, 'replaceOwn /data/key.json');
  return rig.world.files.get('/data/key.draft.json') ?? '';
}

async function called({ world }: Rig, call: string): Promise<void> {
  // Many times what it takes: a call that never comes is a failure, not a wait.
  for (let turns = 0; !world.files.calls.includes(call); turns++) {
    if (turns > 100_000) throw new Error(`there was no ${call}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  world.files.faults.length = 0;
}
