// Signals: an interruption, or deferred while something must not be cut short. The fake world keeps the same rules.
import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { Signals } from '../../src/model/ports.ts';
import { createSignals } from '../../src/system/signals.ts';
import { createWorld } from '../support/world.ts';

interface Rig {
  readonly signals: Signals;
  send(name: string): void;
}

function real() {
  const host = new EventEmitter();
  const exit = (code: number) => {
    throw new Error(`exit ${code}`);
  };
  const signals = createSignals(Object.assign(host, { exit }) as unknown as NodeJS.Process);
  return { signals, send: (name: string) => void host.emit(name) };
}

function fake(): Rig {
  const world = createWorld();
  return { signals: world.system.signals, send: world.signal };
}

describe.each([
  ['real', real],
  ['fake', fake],
])('%s signals', (_, make) => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s interrupts', (name) => {
    const { signals, send } = make();
    expect(signals.interrupted.aborted).toBe(false);
    send(name);
    expect(signals.interrupted.aborted).toBe(true);
  });

  test('while deferred, nothing is interrupted: each body is told, first and again; then the interruption follows', async () => {
    const { signals, send } = make();
    const told: string[] = [];
    const done: (() => void)[] = [];
    const bodies = ['a', 'b'].map((name) =>
      signals.during(
        (signal, first) => void told.push(`${name} ${signal} ${first}`),
        () => new Promise<string>((resolve) => done.push(() => resolve(name))),
      ),
    );
    send('SIGINT');
    send('SIGTERM');
    expect(told).toEqual(['a SIGINT true', 'b SIGINT true', 'a SIGTERM false', 'b SIGTERM false']);
    expect(signals.interrupted.aborted).toBe(false);
    for (const finish of done) finish();
    expect(await Promise.all(bodies)).toEqual(['a', 'b']);
    expect(signals.interrupted.aborted).toBe(true);
  });

  test('a body that fails ends the deferral too', async () => {
    const { signals, send } = make();
    const failing = signals.during(
      () => {},
      async () => Promise.reject(new Error('no')),
    );
    await expect(failing).rejects.toThrow('no');
    expect(signals.interrupted.aborted).toBe(false);
    send('SIGINT');
    expect(signals.interrupted.aborted).toBe(true);
  });
});

test('what is done inside a deferral, or after the interruption, is not cut short', async () => {
  const { signals, send } = real();
  expect(signals.cutsShort()).toBe(signals.interrupted);
  await signals.during(
    () => {},
    async () => expect(signals.cutsShort()).toBeUndefined(),
  );
  expect(signals.cutsShort()).toBe(signals.interrupted);
  send('SIGINT');
  expect(signals.cutsShort()).toBeUndefined();
});

test('the second interruption ends the process', () => {
  const { send } = real();
  send('SIGINT');
  expect(() => send('SIGINT')).toThrow('exit 130');
  expect(() => real().signals.exitNow(7)).toThrow('exit 7');
});
