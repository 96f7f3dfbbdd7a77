// Signals of one fake process: sent by the test, deferred and followed as in the real world.
import type { Signals } from '../../src/model/ports.ts';

export function createFakeSignals(die: () => void): {
  port: Signals;
  send(name: string): void;
  ended: Promise<number>;
} {
  const interrupted = new AbortController();
  const deferrals = new Set<{ onSignal: (signal: string, first: boolean) => void; told: boolean }>();
  const death = new Error('the process has ended');
  let end = (_: number) => {};
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  return {
    ended,
    send(name) {
      if (deferrals.size === 0) return interrupted.abort();
      for (const deferral of deferrals) {
        const first = !deferral.told;
        deferral.told = true;
        try {
          deferral.onSignal(name, first);
        } catch (error) {
          if (error !== death) throw error;
        }
      }
    },
    port: {
      interrupted: interrupted.signal,
      async during(onSignal, body) {
        const deferral = { onSignal, told: false };
        deferrals.add(deferral);
        try {
          return await body();
        } finally {
          deferrals.delete(deferral);
          if (deferral.told) interrupted.abort();
        }
      },
      exitNow(exit) {
        die();
        end(exit);
        throw death;
      },
    },
  };
}
