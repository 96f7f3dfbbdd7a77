// The trail after a crash at any moment, after damage that no crash does, and on a disk that refuses.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CliError } from '../../src/errors.ts';
import type { Keyring } from '../../src/model/store.ts';
import { createLocks } from '../../src/stores/record-lock.ts';
import { expectError } from '../stores/expect-error.ts';
import { createWorld, type World } from '../support/world.ts';
import { entriesOf, folder, intent, path, textOf, trailIn, withEntries } from './trail-in-world.ts';

describe('what a crash leaves', () => {
  test('a whole line without its end: the end is added', async () => {
    const world = await withEntries(3);
    world.files.set(path, textOf(world).trimEnd());
    await trailIn(world).append(intent);
    expect(entriesOf(world).map((entry) => entry.type)).toEqual(Array(4).fill('token.refreshed'));
    expect(world.files.paths(folder)).toEqual([path]);
  });

  test('a line cut anywhere: kept aside, told, and the chain goes on', async () => {
    const whole = textOf(await withEntries(3));
    const start = whole.trimEnd().lastIndexOf('\n') + 1;
    for (let cut = start + 1; cut < whole.length - 1; cut++) {
      const world = createWorld();
      world.files.set(path, whole.slice(0, cut));
      await trailIn(world).append(intent);
      const torn = Buffer.from(whole.slice(start, cut));
      const [, , recovered, ours] = entriesOf(world);
      expect(recovered).toMatchObject({
        type: 'audit.recovered',
        outcome: 'success',
        details: {
          file: 'torn-after-2.base64',
          bytes: torn.length,
          sha256: createHash('sha256').update(torn).digest('hex'),
        },
      });
      expect(ours).toMatchObject({ seq: 4, type: 'token.refreshed' });
      expect(Buffer.from(world.files.get(`${folder}/torn-after-2.base64`) ?? '', 'base64')).toEqual(torn);
    }
  });

  test.each([
    ['zeros', '\0'.repeat(4_096)],
    ['lines that are none', 'what\nis this\n'],
    ['an empty line', '\n'],
    ['JSON that is no entry', '{"seq":"3"}\n'],
  ])('%s after the last line', async (_, junk) => {
    const world = await withEntries(2);
    world.files.set(path, textOf(world) + junk);
    await trailIn(world).append(intent);
    expect(entriesOf(world).map((entry) => entry.type)).toEqual([
      'token.refreshed',
      'token.refreshed',
      'audit.recovered',
      'token.refreshed',
    ]);
    expect(Buffer.from(world.files.get(`${folder}/torn-after-2.base64`) ?? '', 'base64').toString()).toBe(junk);
  });

  test('a first line that was cut', async () => {
    const world = createWorld();
    world.files.set(path, '{"actor":');
    await trailIn(world).append(intent);
    expect(entriesOf(world)[0]).toMatchObject({
      seq: 1,
      type: 'audit.recovered',
      details: { file: 'torn-after-0.base64' },
    });
  });

  test('at any step of an append, of a recovery, and of the recovery of a recovery', async () => {
    let steps = 0;
    for (let first = 1; first <= 12; first++) {
      for (let second = 1; second <= 12; second++) {
        const world = await withEntries(2);
        world.files.set(path, `${textOf(world)}{"torn":1`);
        for (const nth of [first, second]) {
          const dying = world.another();
          world.files.faults.push({ kind: 'killed', nth, path: /audit/, after: nth % 2 === 0 });
          void trailIn(dying).append(intent);
          await world.system.clock.sleep(60_000);
          world.files.faults.length = 0;
          // What it had begun to write is cut short once more.
          if (nth % 3 === 0) world.files.set(path, `${textOf(world)}{"torn":`);
        }
        await trailIn(world).append({ ...intent, details: { after: 'all' } });
        const entries = entriesOf(world);
        expect(entries.at(-1)?.details).toEqual({ after: 'all' });
        const told = entries.filter((entry) => entry.type === 'audit.recovered');
        const aside = world.files.paths(folder).filter((file) => file.includes('torn-after'));
        expect(told.map((entry) => (entry.details as { file: string }).file)).toEqual(
          aside.map((file) => file.slice(folder.length + 1)),
        );
        for (const { details } of told) {
          const { file, bytes, sha256 } = details as { file: string; bytes: number; sha256: string };
          const pieces = (world.files.get(`${folder}/${file}`) ?? '')
            .split('\n')
            .map((piece) => Buffer.from(piece, 'base64'));
          const kept = Buffer.concat(pieces);
          expect([kept.length, createHash('sha256').update(kept).digest('hex')]).toEqual([bytes, sha256]);
          expect(kept.toString()).toContain('{"torn":');
        }
        steps++;
      }
    }
    expect(steps).toBe(144);
  });
});

describe('a recovery that crashes', () => {
  const torn = '{"torn":1';
  const kept = (world: World) =>
    Buffer.from(world.files.get(`${folder}/torn-after-2.base64`) ?? '', 'base64').toString();

  async function crashing(method: 'truncateOwn' | 'appendOwn', leaves: string): Promise<World> {
    const world = await withEntries(2);
    world.files.set(path, textOf(world) + torn);
    world.files.faults.push({ kind: 'killed', method });
    void trailIn(world.another()).append(intent);
    await world.system.clock.sleep(60_000);
    world.files.faults.length = 0;
    world.files.set(path, textOf(world) + leaves);
    await trailIn(world).append(intent);
    return world;
  }

  test('before anything is cut off keeps the bytes once', async () => {
    const world = await crashing('truncateOwn', '');
    expect(kept(world)).toBe(torn);
    expect(entriesOf(world)[2]?.details).toMatchObject({ bytes: torn.length });
  });

  test('before it is told is told later', async () => {
    const world = await crashing('appendOwn', '');
    expect(kept(world)).toBe(torn);
    expect(entriesOf(world)[2]?.details).toMatchObject({ bytes: torn.length });
  });

  test('in the middle of being told keeps both torn ends', async () => {
    const world = await crashing('appendOwn', '{"actor":{"pi');
    const pieces = (world.files.get(`${folder}/torn-after-2.base64`) ?? '').trim().split('\n');
    expect(pieces.map((piece) => Buffer.from(piece, 'base64').toString())).toEqual([torn, '{"actor":{"pi']);
    expect(entriesOf(world)[2]?.details).toMatchObject({ bytes: torn.length + 13 });
  });
});

describe('what no crash leaves is evidence', () => {
  test('a damaged line before a whole one is not repaired', async () => {
    const world = await withEntries(4);
    const lines = textOf(world).split('\n');
    for (const damage of ['', 'garbage', (lines[1] ?? '').slice(0, 50)]) {
      const before = [lines[0], damage, ...lines.slice(2)].join('\n');
      world.files.set(path, before);
      await trailIn(world).append(intent);
      expect(textOf(world).startsWith(before)).toBe(true);
      expect(() => entriesOf(world)).toThrow();
      expect(world.files.paths(folder)).toEqual([path]);
    }
  });

  test('an edited last line stays, and the chain goes on from it, so that the place can be named', async () => {
    const world = await withEntries(3);
    const before = textOf(world).replace('"number":2', '"number":9');
    world.files.set(path, before);
    await trailIn(world).append(intent);
    expect(textOf(world).startsWith(before)).toBe(true);
    expect(() => entriesOf(world)).toThrow('the MAC of entry 3 is wrong');
  });

  test('the rest of a line whose beginning is out of view is no entry', async () => {
    const world = await withEntries(1);
    const entry = '{"seq":7,"mac":"m"';
    const before = `x${entry}${' '.repeat(64 * 1024 - entry.length - 1)}}`;
    world.files.set(path, before);
    await expectError('store_unavailable', () => trailIn(world).append(intent));
    expect(textOf(world)).toBe(before);
  });

  test('a long end without any entry stops everything, and nothing is touched', async () => {
    const world = await withEntries(2);
    const before = `${textOf(world)}${'x'.repeat(100_000)}`;
    world.files.set(path, before);
    const error = await expectError('store_unavailable', () => trailIn(world).append(intent));
    expect(error.message).toContain(path);
    expect(textOf(world)).toBe(before);
  });
});

describe('a trail that cannot be written is an error, before anything is done', () => {
  test.each(['full', 'read_only', 'denied', 'foreign_owner', 'link', 'other'] as const)('%s', async (kind) => {
    for (const method of ['ensureFolder', 'tailOwn', 'appendOwn'] as const) {
      const world = createWorld();
      world.files.faults.push({ kind, method, path: /audit/ });
      const error = await expectError('store_unavailable', () => trailIn(world).append(intent));
      expect(error.hint).toBeDefined();
      expect(textOf(world)).toBe('');
    }
  });

  test('torn bytes that cannot be kept aside stay where they are', async () => {
    const world = await withEntries(1);
    const before = `${textOf(world)}{"torn`;
    world.files.set(path, before);
    world.files.faults.push({ kind: 'full', method: 'replaceOwn', path: /torn-after/ });
    await expectError('store_unavailable', () => trailIn(world).append(intent));
    expect(textOf(world)).toBe(before);
  });

  test('no key, no line', async () => {
    const world = createWorld();
    const locked = { key: () => Promise.reject(new CliError('key_locked', 'locked')) } as unknown as Keyring;
    await expect(trailIn(world, { keyring: locked }).append(intent)).rejects.toMatchObject({ code: 'key_locked' });
    expect(textOf(world)).toBe('');
  });

  test('a lock that is not to be had', async () => {
    const world = createWorld();
    const held = await createLocks(world.system).acquire('/state/locks/audit', 'the audit trail', { waitMs: 0 });
    await expectError('locked', () => trailIn(world.another()).append(intent));
    await held.release();
  });
});
