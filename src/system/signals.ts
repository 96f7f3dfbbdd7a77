// SIGINT, SIGTERM and SIGHUP: deferred while something must not be cut short, an interruption otherwise.
import type { Signals } from '../model/ports.ts';

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const interruptedExit = 130;

interface Deferral {
  readonly onSignal: (signal: string, first: boolean) => void;
  told: boolean;
}

export interface RealSignals extends Signals {
  /**
   * What ends a wait that begins now. Undefined inside `during`, where nothing may be cut short, and after the
   * interruption: what is still done then (a grant is given back, a lock released) was meant to be.
   */
  cutsShort(): AbortSignal | undefined;
}

/** Listens from now on. The host is `process`, or what a test puts in its place. */
export function createSignals(host: Pick<NodeJS.Process, 'on' | 'exit'> = process): RealSignals {
  const interrupted = new AbortController();
  const deferrals = new Set<Deferral>();

  const receive = (name: string) => {
    for (const deferral of deferrals) {
      const first = !deferral.told;
      deferral.told = true;
      deferral.onSignal(name, first);
    }
    if (deferrals.size > 0) return;
    // Whoever asks twice is not made to wait for anything.
    if (interrupted.signal.aborted) host.exit(interruptedExit);
    interrupted.abort();
  };
  for (const name of names) host.on(name, () => receive(name));

  return {
    interrupted: interrupted.signal,
    cutsShort: () => (deferrals.size > 0 || interrupted.signal.aborted ? undefined : interrupted.signal),
    async during(onSignal, body) {
      const deferral = { onSignal, told: false };
      deferrals.add(deferral);
      try {
        return await body();
      } finally {
        deferrals.delete(deferral);
        // The person wanted to stop: what comes next must not begin.
        if (deferral.told) interrupted.abort();
      }
    },
    exitNow: (exit) => host.exit(exit),
  };
}
