// Records in the items of a real gnome-keyring, in every state that a person's machine may have it in: what is said, that nothing
// is lost, and that nothing is stored elsewhere.
import { expect, test } from 'vitest';
import type { Keychain } from '../../src/model/ports.ts';
import { Secret } from '../../src/model/secret.ts';
import type { Store } from '../../src/model/store.ts';
import { createKeychain } from '../../src/system/keychain.ts';
import { childRuns } from '../support/child-processes.ts';
import { type KeyringSession, startKeyring } from '../support/keyring-session.ts';
import { createWorld, type World } from '../support/world.ts';
import { bundle } from '../system/bundle.ts';
import { expectError } from './expect-error.ts';
import { newer, opened } from './items-in-world.ts';
import { contentOf, gmail, save, underLock } from './store-contract.ts';
import { fileOf, plugTree } from './tree.ts';

const { child } = await bundle({ child: 'src/system/keychain-child.ts' });

interface Real {
  readonly world: World;
  readonly session: KeyringSession;
  /** A new process: its key comes from the environment, so that the record's items are all that it asks the keychain for. A number: the keychain's deadline. */
  process(keychain?: number | Keychain): Store;
  readonly keychain: Keychain;
}

/** One record of generation 1 in the keyring, while real processes run. */
async function withRecord(body: (real: Real) => Promise<void>, largestItem = 100_000): Promise<void> {
  const session = await startKeyring();
  const world = createWorld({ env: { OAUTHCTL_KEY: Buffer.alloc(32, 7).toString('base64') } });
  const keychainOf = (deadlineMs = 20_000): Keychain => ({
    ...createKeychain({ childPath: child, platform: 'linux', deadlineMs, variables: session.env }),
    largestItem,
  });
  const process = (asked?: number | Keychain) => {
    const keychain = typeof asked === 'object' ? asked : keychainOf(asked);
    const system = { ...world.another().system, keychain };
    return plugTree({ ...world, system }, { explicit: { type: 'env' }, store: 'keychain-items' }).store;
  };
  await world.hold(async () => {
    await save(process(), gmail);
    await body({ world, session, process, keychain: keychainOf() });
  });
}

/** The account of the item that holds the record, as its file says. */
function accountIn(world: World): string {
  const { generation, sealed_in } = JSON.parse(world.files.get(fileOf(gmail)) ?? '');
  return `record/connections/gmail#${generation}/${sealed_in.id}/1`;
}

test.each([512, 2_560, 100_000])('a record larger than an item of %d bytes comes back as it was', async (largest) => {
  await withRecord(async ({ process }) => {
    const content = { ...contentOf(gmail), secrets: { token: 'x'.repeat(1.2 * largest) } };
    await save(process(), gmail, 1, content);
    expect(await opened(process())).toEqual(content.secrets);
    await underLock(process(), gmail, (lock) => process().remove(gmail, lock));
  }, largest);
});

test('locked: said for reading and writing, with the old record whole; unlocked, all is well', async () => {
  await withRecord(async ({ world, session, process }) => {
    const file = world.files.get(fileOf(gmail));
    session.lock();
    expect((await expectError('key_locked', () => opened(process()))).message).toContain('Secret Service is locked');
    const error = await expectError('key_locked', () => save(process(), gmail, 1, newer));
    expect(error.message).toContain('nothing was stored anywhere else');
    await expectError('key_locked', () => process().probe());
    expect(world.files.get(fileOf(gmail))).toBe(file);
    await session.unlock();
    expect(await opened(process())).toEqual(contentOf(gmail).secrets);
    await save(process(), gmail, 1, newer);
    expect(await process().findOrphans()).toEqual([]);
  });
});

test('unlocked by another program while the call waits for its dialog', async () => {
  await withRecord(async ({ session, process }) => {
    await session.openScreen();
    session.lock();
    const waiting = opened(process()).catch((error: unknown) => error);
    await session.unlock();
    // The dialog belonged to the daemon of before: the call is answered, or ends with an error that says so; never "absent".
    const outcome = await waiting;
    if (outcome instanceof Error)
      expect(outcome).toMatchObject({ code: expect.stringMatching(/^(key_locked|store_unavailable)$/) });
    else expect(outcome).toEqual(contentOf(gmail).secrets);
    expect(await opened(process())).toEqual(contentOf(gmail).secrets);
  });
});

test('a daemon that answers only after the deadline: nothing is known, nothing is changed', async () => {
  await withRecord(async ({ world, session, process }) => {
    const file = world.files.get(fileOf(gmail));
    session.stall();
    await expectError('key_locked', () => opened(process(300)));
    await expectError('key_locked', () => save(process(300), gmail, 1, newer));
    expect(world.files.get(fileOf(gmail))).toBe(file);
    session.resume();
    expect(await opened(process())).toEqual(contentOf(gmail).secrets);
    await save(process(), gmail, 1, newer);
    expect(await opened(process())).toEqual(newer.secrets);
  });
});

test('a daemon that does not answer at all does not respond, which is no absence', async () => {
  await withRecord(async ({ session, process }) => {
    session.stall();
    const error = await expectError('store_unavailable', () => opened(process()));
    expect(error.message).toContain('does not respond');
    session.resume();
    expect(await opened(process())).toEqual(contentOf(gmail).secrets);
  });
});

test.each([1, 2, 3, 4])(
  'killed in the middle of call %d of a write: the old record stays, and every item that may be left is known',
  async (nth) => {
    await withRecord(async ({ world, session, process, keychain }) => {
      const cut = save(process(cutAt(keychain, nth, session)), gmail, 1, newer);
      // A daemon that D-Bus starts in its place is locked.
      await expect(cut).rejects.toMatchObject({ code: expect.stringMatching(/^(store_unavailable|key_locked)$/) });
      await session.unlock();
      expect((await process().read(gmail))?.generation).toBe(1);
      expect(await opened(process())).toEqual(contentOf(gmail).secrets);
      expect(world.files.get(fileOf(gmail))).not.toContain('"sealed"');
      await save(process(), gmail, 1, newer);
      expect(await opened(process())).toEqual(newer.secrets);
      expect(await process().findOrphans()).toEqual([]);
      const items = session.run('sh', '-c', 'secret-tool search --all service oauthctl 2>&1');
      expect(items.match(/attribute\.username = record/g)).toHaveLength(4);
    }, 256);
  },
);

/** The daemon dies while the n-th call is under way. */
function cutAt(keychain: Keychain, nth: number, session: KeyringSession): Keychain {
  let calls = 0;
  const cut = async <T>(call: () => Promise<T>): Promise<T> => {
    if (++calls !== nth) return call();
    session.stall();
    const answer = call();
    await childRuns(child);
    session.kill();
    return answer;
  };
  return {
    ...keychain,
    get: (account) => cut(() => keychain.get(account)),
    set: (account, value) => cut(() => keychain.set(account, value)),
    remove: (account) => cut(() => keychain.remove(account)),
  };
}

test('an item that answers empty is corrupt, never content', async () => {
  await withRecord(async ({ world, keychain, process }) => {
    await keychain.set(accountIn(world), new Secret(''));
    const error = await expectError('record_unreadable', () => opened(process()));
    expect(error.message).toContain('is empty');
  });
});

test('two items of one name: neither is taken, neither is removed', async () => {
  await withRecord(async ({ world, session, process }) => {
    const twin = `printf x | secret-tool store --label=twin service oauthctl username '${accountIn(world)}' more yes`;
    session.run('sh', '-c', twin);
    const error = await expectError('store_unavailable', () => opened(process()));
    expect(error.message).toContain('several items of one name');
    expect(error.hint).toContain(accountIn(world));
    await underLock(process(), gmail, (lock) => process().remove(gmail, lock));
    expect(await process().findOrphans()).toEqual([{ ref: gmail, items: 1 }]);
    expect(await process().removeOrphans()).toMatchObject({ removed: 0, left: 1 });
  });
});

test('there and back again by migration', async () => {
  await withRecord(async ({ session, process }) => {
    await process().migrate('files', {});
    expect(session.run('sh', '-c', 'secret-tool search --all service oauthctl 2>&1 || true')).not.toContain('record/');
    await process().migrate('keychain-items', {});
    expect(await opened(process())).toEqual(contentOf(gmail).secrets);
  });
});
