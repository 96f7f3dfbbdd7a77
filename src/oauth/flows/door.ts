// The one place where an answer to an attempt is taken, whichever way it comes: state is good once.
import { CliError } from '../../errors.ts';
import type { Provider } from '../../model/provider.ts';
import type { Attempt } from '../attempt.ts';
import { type Callback, judgeCallback, type Verdict } from '../callback.ts';
import { createDeferred } from './deferred.ts';

export type Arrival = Exclude<Verdict, { readonly kind: 'stray' }>;

export interface Door {
  /** The same answer again is taken and changes nothing. */
  readonly take: (callback: Callback) => { readonly taken: true } | { readonly taken: false; readonly why: string };
  /** The one answer. Rejects with `state_mismatch` when too many strays came. */
  readonly arrived: Promise<Arrival>;
  /** Why the last stray was one; for the words of a time-out. */
  readonly lastStray: () => string | undefined;
}

/** So many answers that belong to no attempt of ours are an attack, or a provider that is set up wrongly. */
const mostStrays = 20;

export function createDoor(attempt: Attempt, provider: Provider): Door {
  const arrived = createDeferred<Arrival>();
  // Nobody may be waiting when it is rejected.
  arrived.promise.catch(() => {});
  let strays = 0;
  let lastStray: string | undefined;
  return {
    arrived: arrived.promise,
    lastStray: () => lastStray,
    take: (callback) => {
      const verdict = judgeCallback(callback, attempt, provider);
      if (verdict.kind !== 'stray') {
        arrived.resolve(verdict);
        return { taken: true };
      }
      strays += 1;
      lastStray = verdict.why;
      if (strays >= mostStrays) arrived.reject(tooManyStrays(provider, verdict.why));
      return { taken: false, why: verdict.why };
    },
  };
}

function tooManyStrays({ id }: Provider, why: string): CliError {
  const message = `${mostStrays} answers came that do not belong to this sign-in (the last: ${why}), so it was ended`;
  return new CliError('state_mismatch', message, { hint: `oauthctl connect ${id}, in one tab only` });
}
