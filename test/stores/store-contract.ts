// What every store must do, whatever it keeps records in.
import { describe, expect, test } from 'vitest';
import type { RecordContent, RecordLock, RecordRef, Store } from '../../src/model/store.ts';
import { expectError } from './expect-error.ts';

/** A store and the ways in which the outside may touch it. */
export interface StoreUnderTest {
  readonly store: Store;
  /** The same records, seen by another process. */
  readonly another: () => Store;
  /** Damages the stored record in some way that must be noticed. */
  readonly damage: (ref: RecordRef) => void;
  /** Makes the stored record that of a newer version. */
  readonly age: (ref: RecordRef) => void;
  /** Lets the record of one name lie where another's belongs. */
  readonly swap: (one: RecordRef, other: RecordRef) => void;
  /** Every byte that is stored, as text. */
  readonly everything: () => string;
}

export const gmail: RecordRef = { kind: 'connections', name: 'gmail' };
export const acme: RecordRef = { kind: 'connections', name: 'slack:acme' };

export function contentOf(ref: RecordRef, token = 'token-of-'): RecordContent {
  return {
    binding: { provider: ref.name.split(':')[0] ?? '', issuer: 'https://issuer.example', clientId: 'client-1' },
    facts: { account: ref.name },
    secrets: { refresh_token: `${token}${ref.name}` },
  };
}

export async function underLock<T>(store: Store, ref: RecordRef, body: (lock: RecordLock) => Promise<T>): Promise<T> {
  const lock = await store.lock(ref, { waitMs: 1_000 });
  try {
    return await body(lock);
  } finally {
    await lock.release();
  }
}

export function save(store: Store, ref: RecordRef, replaces = 0, content = contentOf(ref)): Promise<number> {
  return underLock(store, ref, (lock) => store.write(ref, content, lock, replaces));
}

export function storeContract(name: string, create: () => StoreUnderTest): void {
  describe(`store: ${name}`, () => {
    test('absent is undefined, and an empty store lists nothing', async () => {
      const { store } = create();
      expect(await store.read(gmail)).toBeUndefined();
      expect(await store.list('connections')).toEqual([]);
      expect(await store.names('apps')).toEqual([]);
    });

    test('what is written is read and opened, by another process too', async () => {
      const { store, another } = create();
      expect(await save(store, acme)).toBe(1);
      for (const reader of [store, another()]) {
        const record = await reader.read(acme);
        expect(record).toMatchObject({ ref: acme, generation: 1, binding: contentOf(acme).binding });
        expect(record?.facts).toEqual(contentOf(acme).facts);
        expect(await record?.open()).toEqual(contentOf(acme).secrets);
      }
    });

    test('no secret lies there in clear', async () => {
      const { store, everything } = create();
      await save(store, acme);
      expect(everything()).toContain('client-1');
      expect(everything()).not.toContain('token-of-');
    });

    test('every write is the next generation and seals anew', async () => {
      const { store, everything } = create();
      await save(store, gmail);
      const first = everything();
      expect(await save(store, gmail, 1)).toBe(2);
      expect((await store.read(gmail))?.generation).toBe(2);
      expect(everything()).not.toBe(first);
    });

    test('an open record stays what it was when it is read', async () => {
      const { store } = create();
      await save(store, gmail);
      const before = await store.read(gmail);
      await save(store, gmail, 1, contentOf(gmail, 'newer-'));
      expect(await before?.open()).toEqual(contentOf(gmail).secrets);
    });

    test.each([0, 2])(
      'a write that thinks to replace generation %d of a first one changes nothing',
      async (replaces) => {
        const { store } = create();
        await save(store, gmail);
        await expectError('store_unavailable', () => save(store, gmail, replaces, contentOf(gmail, 'newer-')));
        expect(await (await store.read(gmail))?.open()).toEqual(contentOf(gmail).secrets);
      },
    );

    test('a write that thinks to replace what is not there', async () => {
      const { store } = create();
      await expectError('store_unavailable', () => save(store, gmail, 3));
      expect(await store.read(gmail)).toBeUndefined();
    });

    test('lists by name, each kind for itself', async () => {
      const { store } = create();
      const app: RecordRef = { kind: 'apps', name: 'gmail' };
      for (const ref of [acme, gmail, app]) await save(store, ref);
      expect(await store.names('connections')).toEqual(['gmail', 'slack:acme']);
      const listed = await store.list('connections');
      expect(listed.map((one) => (one.ok ? one.record.ref.name : one))).toEqual(['gmail', 'slack:acme']);
      expect(await store.names('apps')).toEqual(['gmail']);
    });

    test('removes once', async () => {
      const { store } = create();
      await save(store, gmail);
      expect(await underLock(store, gmail, (lock) => store.remove(gmail, lock))).toBe(true);
      expect(await store.read(gmail)).toBeUndefined();
      expect(await underLock(store, gmail, (lock) => store.remove(gmail, lock))).toBe(false);
    });

    test.each(['damage', 'age'] as const)('after %s: an error, never absent, never overwritten', async (act) => {
      const subject = create();
      const code = act === 'age' ? 'record_too_new' : 'record_unreadable';
      await save(subject.store, gmail);
      await save(subject.store, acme);
      subject[act](gmail);
      const before = subject.everything();
      await expectError(code, async () => (await subject.store.read(gmail))?.open());
      for (const replaces of [0, 1, 2]) await expectError(code, () => save(subject.store, gmail, replaces));
      expect(subject.everything()).toBe(before);
      expect(await subject.store.names('connections')).toEqual(['gmail', 'slack:acme']);
      const [first, second] = await subject.store.list('connections');
      expect(first).toMatchObject({ ok: false, ref: gmail, code });
      expect(second?.ok).toBe(true);
      expect(await underLock(subject.store, gmail, (lock) => subject.store.remove(gmail, lock))).toBe(true);
    });

    test('a record in the place of another is unreadable', async () => {
      const subject = create();
      await save(subject.store, gmail);
      await save(subject.store, acme);
      subject.swap(gmail, acme);
      await expectError('record_unreadable', () => subject.store.read(acme));
      await expectError('record_unreadable', () => save(subject.store, acme, 1));
    });

    test('what is portable is sealed, and restores what it was', async () => {
      const { store, damage } = create();
      await save(store, gmail);
      const first = (await store.portable(gmail)) ?? '';
      expect(first).not.toContain('token-of-');
      const restore = (text: string) => underLock(store, gmail, (lock) => store.restore(gmail, text, lock));
      expect(await restore(first)).toBe('same');
      await save(store, gmail, 1, contentOf(gmail, 'newer-'));
      const second = (await store.portable(gmail)) ?? '';
      expect(await restore(first)).toBe('older');
      expect(await (await store.read(gmail))?.open()).toEqual(contentOf(gmail, 'newer-').secrets);
      await underLock(store, gmail, (lock) => store.remove(gmail, lock));
      expect(await store.portable(gmail)).toBeUndefined();
      expect(await restore(first)).toBe('restored');
      expect(await (await store.read(gmail))?.open()).toEqual(contentOf(gmail).secrets);
      expect(await restore(second)).toBe('restored');
      expect((await store.read(gmail))?.generation).toBe(2);
      damage(gmail);
      await expectError('record_unreadable', () => restore(first));
    });

    test('what does not open, or belongs elsewhere, is not restored', async () => {
      const { store, everything } = create();
      await save(store, gmail);
      await save(store, acme);
      const text = (await store.portable(gmail)) ?? '';
      await underLock(store, gmail, (lock) => store.remove(gmail, lock));
      const before = everything();
      const edited = text.replace('"account": "gmail"', '"account": "other"');
      for (const [ref, wrong] of [
        [gmail, edited],
        [gmail, text.slice(0, -20)],
        [acme, text],
      ] as const) {
        await expectError('record_unreadable', () => underLock(store, ref, (lock) => store.restore(ref, wrong, lock)));
      }
      expect(everything()).toBe(before);
    });

    test('one holder per record; the next one gets in after the release', async () => {
      const { store, another } = create();
      const held = await store.lock(gmail, { waitMs: 0 });
      expect(held.ref).toEqual(gmail);
      await expectError('locked', () => another().lock(gmail, { waitMs: 0 }));
      await (await another().lock(acme, { waitMs: 0 })).release();
      await held.release();
      await (await another().lock(gmail, { waitMs: 0 })).release();
    });

    test('writes and removes only under a lock that is held, and its own', async () => {
      const { store } = create();
      await save(store, gmail);
      const released = await store.lock(gmail, { waitMs: 0 });
      await released.release();
      await expectError('locked', () => store.write(gmail, contentOf(gmail), released, 1));
      await expectError('locked', () => store.remove(gmail, released));
      const other = await store.lock(acme, { waitMs: 0 });
      await expectError('internal', () => store.write(gmail, contentOf(gmail), other, 1));
      await expectError('internal', () => store.remove(gmail, other));
      expect((await store.read(gmail))?.generation).toBe(1);
    });

    test('a probe leaves nothing behind', async () => {
      const { store, everything } = create();
      await save(store, gmail);
      const before = everything();
      await store.probe();
      expect(everything()).toBe(before);
    });
  });
}
