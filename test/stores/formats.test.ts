// Whatever a version of the program has ever written opens today, and means what it meant; see formats/README.md.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { workingToken } from '../../src/connections/access-token.ts';
import { appFromRecord, appRef, openAppSecret } from '../../src/connections/app-record.ts';
import { readConnection } from '../../src/connections/find.ts';
import { checkConnections } from '../../src/connections/status.ts';
import { answerFast } from '../../src/fast.ts';
import { pipedList } from '../../src/fast-list.ts';
import { openStateFile } from '../../src/sandbox/state.ts';
import { verifyTrail } from '../audit/verify-trail.ts';
import { createRig, type Rig } from '../connections/rig.ts';
import { shapesOf } from './shapes.ts';
import { writeTree } from './write-tree.ts';

const folder = fileURLToPath(new URL('formats', import.meta.url));
const versions = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
const newest = versions.at(-1) ?? '';

function treeOf(version: string): ReadonlyMap<string, string> {
  const root = join(folder, version);
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = relative(root, join(parentPath, name)).split(sep).join('/');
      return [`/${path}`, readFileSync(join(parentPath, name), 'utf8')];
    }),
  );
}

const sealKey = Buffer.alloc(32, 7).toString('base64');
const halfAnHour = 1_800_000;

/** The tree as it lay there, half an hour later, and the server as it was left. */
function wake(version: string): Rig {
  const rig = createRig();
  for (const [path, text] of treeOf(version)) rig.world.files.set(path, text);
  rig.world.advance(halfAnHour);
  return rig;
}

/** What `acme` holds: the answer to its first refresh. */
const afterOne = { refresh: 'refresh-1', access: 'access-1', spends: 1 };

test('there are fixtures', () => {
  expect(versions.length).toBeGreaterThanOrEqual(5);
});

describe.each(versions)('a tree of %s', (version) => {
  test('lists its connections, on the fast path too', async () => {
    const { world, process } = wake(version);
    const { workspace } = await process();
    const listed = await workspace.store.list('connections');
    expect(listed.map((one) => one.ok && one.record.ref.name)).toEqual(['acme', 'acme:cut', 'acme:dead']);
    const { env, files } = world.system;
    Object.assign(world.env, { OAUTHCTL_DATA_DIR: '/data', OAUTHCTL_CONFIG_DIR: '/config' });
    const text = await pipedList({ env, files, nowAt: world.now() });
    expect(text?.split('\n').filter((line) => line.startsWith('acme'))).toHaveLength(3);
  });

  test('hands out a token that still lives, on the fast path too', async () => {
    const { world, process, server } = wake(version);
    const printed: string[] = [];
    const { env, files } = world.system;
    Object.assign(world.env, { OAUTHCTL_DATA_DIR: '/data', OAUTHCTL_CONFIG_DIR: '/config' });
    const print = (text: string) => void printed.push(text);
    const fast = { env, files, nowAt: world.now(), keychainGet: async () => undefined, print };
    expect(await answerFast(['token', 'acme'], fast)).toBe(0);
    const token = await workingToken((await process()).workspace, 'acme', { minValidSeconds: 60 });
    expect([printed, token.accessToken.reveal(), server.spends]).toEqual([['access-1\n'], 'access-1', 0]);
  });

  test('refreshes what has ended, past a lock whose holder is dead', async () => {
    const { world, process, server } = wake(version);
    Object.assign(server, afterOne);
    world.advance(2 * halfAnHour);
    const { workspace } = await process();
    const token = await workingToken(workspace, 'acme', { minValidSeconds: 60 });
    expect(token.accessToken.reveal()).toBe('access-2');
    const found = await readConnection(workspace, 'acme');
    expect(found?.connection).toMatchObject({ spending: [], refused: [], createdAt: expect.any(Number) });
  });

  test('remembers a refresh that was cut', async () => {
    const { process, server } = wake(version);
    server.refresh = 'refresh-of-another';
    const { workspace } = await process();
    await expect(workingToken(workspace, 'acme:cut', { minValidSeconds: 60 })).rejects.toMatchObject({
      code: 'reconnect_required',
      message: expect.stringMatching(/a refresh by process \d+ on fake-host was cut short (29|30) minutes ago/),
    });
  });

  test('remembers a refusal, and asks nobody', async () => {
    const { world, process } = wake(version);
    const { workspace } = await process();
    await expect(workingToken(workspace, 'acme:dead', { minValidSeconds: 60 })).rejects.toMatchObject({
      code: 'reconnect_required',
      message: expect.stringMatching(/\(invalid_grant\).*refused (29|30) minutes ago/),
    });
    expect(world.network.requests).toEqual([]);
  });

  test('opens the secret of an app', async () => {
    const { workspace } = await wake(version).process();
    const record = await workspace.store.read(appRef('acme', 'work'));
    if (record === undefined) throw new Error('there is no record of the app');
    expect(appFromRecord(record)).toMatchObject({ name: 'work', clientId: 'work-client', clientAuth: 'post' });
    expect((await openAppSecret(record))?.reveal()).toBe('the-app-secret');
  });

  test('goes on with the trail, which stays one chain', async () => {
    const { world, process } = wake(version);
    const before = verifyTrail(world.files.get('/state/audit/trail.jsonl') ?? '', sealKey);
    const { workspace } = await process();
    await workspace.audit.append({ type: 'token.refreshed', outcome: 'success', provider: 'acme', connection: 'acme' });
    const after = verifyTrail(world.files.get('/state/audit/trail.jsonl') ?? '', sealKey);
    expect(after.slice(0, -1)).toEqual(before);
    expect(before.length).toBeGreaterThanOrEqual(9);
  });

  test('tells of a sign-in that was cut', async () => {
    const { world, workspace } = await wake(version).process();
    await checkConnections(workspace, ['acme'], { noRefresh: true, warnSeconds: 0, concurrency: 1 });
    expect(world.stderr()).toContain("a sign-in as 'acme:new' was cut short");
  });

  test('goes on with a key that was being made', async () => {
    const draft = treeOf(version).get('/draft/key.draft.json') ?? '';
    const rig = createRig();
    rig.world.files.set('/data/key.draft.json', draft);
    const { kid } = await (await rig.process()).workspace.keyring.key();
    expect(kid).toBe(JSON.parse(draft).kid);
  });

  test("reads the sandbox's state", async () => {
    const { world } = wake(version);
    const state = await openStateFile(world.system.files, '/state/sandbox.json').read();
    expect(state.violations).toMatchObject([{ code: 'unknown_path' }]);
  });
});

test('what is written today has the form of the newest fixture; otherwise add one as formats/README.md says', async () => {
  expect(shapesOf(await writeTree())).toEqual(shapesOf(treeOf(newest)));
});
