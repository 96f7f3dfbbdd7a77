// The trail: what a line is, for good, and that lines form one chain.
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import type { Keyring } from '../../src/model/store.ts';
import { expectError } from '../stores/expect-error.ts';
import { createWorld } from '../support/world.ts';
import { entriesOf, intent, path, textOf, trailIn, withEntries } from './trail-in-world.ts';

describe('a line', () => {
  test('is this, for good', async () => {
    const world = createWorld();
    const random = { bytes: (count: number) => new Uint8Array(count).fill(0xab) };
    await trailIn(world, { random }).append({ ...intent, details: { token_fp: 'AbC', é: [1, null] } });
    // Never regenerate: this is what lies on people's disks.
    expect(textOf(world)).toBe(
      '{"actor":{"pid":4711,"user":"ann"},"connection":"gmail:work","details":{"token_fp":"AbC","é":[1,null]},"host":"host-1","id":"abababababababababababababababab","kid":"kid-1","mac":"gJMXLPbpCqSKeX-mb_ylld_DoejBQGPVCJMs8ZFIQr4","outcome":"intent","prev":null,"provider":"gmail","seq":1,"time":"2026-11-25T10:00:00.000Z","type":"token.refreshed","version":"0.1.0"}\n',
    );
    expect(entriesOf(world)).toEqual([
      {
        seq: 1,
        prev: null,
        kid: 'kid-1',
        mac: expect.stringMatching(/^[\w-]{43}$/),
        time: '2026-11-25T10:00:00.000Z',
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        type: 'token.refreshed',
        outcome: 'intent',
        actor: { user: 'ann', pid: 4711 },
        provider: 'gmail',
        connection: 'gmail:work',
        details: { token_fp: 'AbC', é: [1, null] },
        host: 'host-1',
        version: '0.1.0',
      },
    ]);
    expect(world.files.entries.get(path)?.mode).toBe(0o600);
  });

  test('has every member, null where the event says nothing', async () => {
    const world = createWorld();
    await trailIn(world).append({ type: 'config.changed', outcome: 'success' });
    expect(entriesOf(world)[0]).toMatchObject({ provider: null, connection: null, details: {} });
  });

  test('carries milliseconds', async () => {
    const world = createWorld({ now: '2026-11-25T10:00:00.123Z' });
    await trailIn(world).append(intent);
    expect(entriesOf(world)[0]?.time).toBe('2026-11-25T10:00:00.123Z');
  });

  test('of a provider that talks without end is kept short, and what JSON has not is dropped', async () => {
    const world = createWorld();
    const details = { error: 'x'.repeat(1_000_000), inner: { words: 'y'.repeat(501) }, gone: undefined };
    await trailIn(world).append({ ...intent, details: details as unknown as { error: string } });
    expect(entriesOf(world)[0]?.details).toEqual({
      error: `${'x'.repeat(500)}…`,
      inner: { words: `${'y'.repeat(500)}…` },
    });
  });

  test('of a provider that grants without end keeps as many as there is room for', async () => {
    const world = createWorld();
    const scopes = Array.from({ length: 5_000 }, (_, index) => `scope-${index}-${'x'.repeat(90)}`);
    await trailIn(world).append({
      ...intent,
      outcome: 'success',
      details: { scopes_granted: scopes, few: ['a', 'b'] },
    });
    const [entry] = entriesOf(world) as unknown as { details: { scopes_granted: string[]; few: string[] } }[];
    const { scopes_granted: kept = [], few } = entry?.details ?? {};
    expect(kept.slice(0, -1)).toEqual(scopes.slice(0, kept.length - 1));
    expect([kept.at(-1), few]).toEqual([`… ${5_001 - kept.length} more`, ['a', 'b']]);
  });

  test('that is too long all the same is our fault, and is not written', async () => {
    const world = await withEntries(1);
    const before = textOf(world);
    const details = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`m${index}`, 'x'.repeat(500)]));
    await expectError('internal', () => trailIn(world).append({ ...intent, details }));
    expect(textOf(world)).toBe(before);
  });
});

describe('lines form one chain', () => {
  test('numbered without a gap, each bound to the one before', async () => {
    const world = await withEntries(5);
    const entries = entriesOf(world);
    expect(entries.map((entry) => entry.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(entries[3]?.prev).toBe(entries[2]?.mac);
    expect(new Set(entries.map((entry) => entry.id)).size).toBe(5);
  });

  test('also from several processes, all at once', async () => {
    const world = createWorld();
    const trails = [world, world.another(), world.another()].map((one) => trailIn(one));
    const numbers = Array.from({ length: 10 }, (_, number) => number);
    await Promise.all(
      trails.flatMap((trail) => numbers.map((number) => trail.append({ ...intent, details: { number } }))),
    );
    expect(entriesOf(world)).toHaveLength(30);
  });

  test('appends of one process keep their order', async () => {
    const world = createWorld();
    const trail = trailIn(world);
    await Promise.all(Array.from({ length: 10 }, (_, number) => trail.append({ ...intent, details: { number } })));
    expect(entriesOf(world).map((entry) => entry.details)).toEqual(
      Array.from({ length: 10 }, (_, number) => ({ number })),
    );
  });

  test('after a failed one the next is appended', async () => {
    const world = createWorld();
    const trail = trailIn(world);
    world.files.faults.push({ kind: 'full', method: 'appendOwn', nth: 1 });
    const failed = expectError('store_unavailable', () => trail.append(intent));
    await trail.append(intent);
    await failed;
    expect(entriesOf(world)).toHaveLength(1);
  });

  test('goes on under another key, and says which key each line is under', async () => {
    const world = await withEntries(1);
    const other = { key: async () => ({ kid: 'kid-2', bytes: new Secret(Buffer.alloc(32, 8).toString('base64')) }) };
    await trailIn(world, { keyring: other as unknown as Keyring }).append(intent);
    const [first, second] = textOf(world)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(second).toMatchObject({ seq: 2, prev: first.mac, kid: 'kid-2' });
  });

  test('reads only the end, however long the trail is', async () => {
    const world = await withEntries(1);
    const line = textOf(world);
    const last = JSON.parse(line);
    const many = `${'x'.repeat(2_000_000)}\n${JSON.stringify({ ...last, seq: 5_000 })}\n`;
    world.files.set(path, many);
    await trailIn(world).append(intent);
    const added = JSON.parse(textOf(world).slice(many.length));
    expect(added).toMatchObject({ seq: 5_001, prev: last.mac });
  });
});
