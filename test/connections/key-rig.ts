// A tree whose key rests in the keychain, with connections and an app in it, for the tests that move and rotate that key.
import { rotateKey } from '../../src/connections/rotate-key.ts';
import type { Workspace } from '../../src/connections/workspace.ts';
import type { RecordRef } from '../../src/model/store.ts';
import type { World } from '../support/world.ts';
import { createRig, plantConnection, type Rig } from './rig.ts';

const work: RecordRef = { kind: 'connections', name: 'acme:work' };
export const home: RecordRef = { kind: 'connections', name: 'acme' };
const app: RecordRef = { kind: 'apps', name: 'acme.other' };
const refs = [home, work, app];

export async function plantedRig(): Promise<Rig> {
  const rig = createRig();
  delete rig.world.env.OAUTHCTL_KEY;
  const { workspace } = await rig.process();
  await plantConnection(workspace);
  await plantConnection(workspace, { name: 'acme:work', label: 'work' });
  const lock = await workspace.store.lock(app, { waitMs: 1000 });
  const binding = { provider: 'acme', issuer: 'https://acme.example', clientId: 'c' };
  await workspace.store.write(app, { binding, facts: { a: 1 }, secrets: { client_secret: 'app-secret' } }, lock, 0);
  await lock.release();
  return rig;
}

/** What every record holds in secret; rejects when one does not open. */
export async function openAll({ store }: Workspace): Promise<readonly unknown[]> {
  return Promise.all(refs.map(async (ref) => (await store.read(ref))?.open()));
}

export function keyFileOf(world: World, name: 'key.json' | 'key.next.json' = 'key.json') {
  const text = world.files.get(`/data/${name}`);
  return text === undefined ? undefined : JSON.parse(text);
}

/** The keys of all records, by the `kid` in the header of the sealed part. */
export function sealedWith(world: World, paths = world.files.paths('/data')): ReadonlySet<string> {
  const records = paths.filter((path) => /^\/data\/(connections|apps)\//.test(path));
  return new Set(
    records.map((path) => {
      const { sealed } = JSON.parse(world.files.get(path) ?? '');
      return JSON.parse(Buffer.from(sealed.split('.')[0], 'base64url').toString()).kid;
    }),
  );
}

export async function rotateIn(rig: Rig) {
  const { workspace } = await rig.process();
  return rotateKey(workspace, undefined);
}
