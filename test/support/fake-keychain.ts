// A keychain in memory, which fails as it is told to.
import type { Keychain, KeychainAnswer, KeychainFailure } from '../../src/model/ports.ts';
import { Secret } from '../../src/model/secret.ts';

interface KeychainFault {
  /**
   * `killed`: the process dies at that call, which never returns. `kept`: it happens, and is answered with `not_responding` all the
   * same. `emptied`: an empty item is left or given, as after a daemon's death. `late`: it is well, after a while. `forgets`: it is
   * answered, and has not happened.
   */
  readonly kind: KeychainFailure | 'killed' | 'kept' | 'emptied' | 'late' | 'forgets';
  /** Which matching call from now on, 1 = the next. Undefined: every one. */
  readonly nth?: number;
  /** Of `get account`, `set account`, `remove account`. Undefined: all of them. */
  readonly call?: RegExp;
}

export interface FakeKeychain {
  /** Account → text. */
  readonly items: Map<string, string>;
  /** Every call fails so; `undefined` again when it is well. */
  failure: KeychainFailure | undefined;
  readonly faults: KeychainFault[];
  /** `get account`, `set account`, `remove account`. */
  readonly calls: string[];
  /** Longer texts are `too_large`. */
  largestItem: number;
  /** The process that makes the `nth` call from now on dies at it; with `after`, the call has taken place all the same. */
  killing: { nth: number; readonly after: boolean } | undefined;
}

interface Process {
  readonly alive: () => boolean;
  readonly die: () => void;
}

export function createFakeKeychain(): FakeKeychain {
  return { items: new Map(), failure: undefined, faults: [], calls: [], largestItem: 100_000, killing: undefined };
}

export function fakeKeychain(keychain: FakeKeychain, { alive, die }: Process): Keychain {
  const countdown = new Map<KeychainFault, number>();
  const faultOf = (what: string): KeychainFault['kind'] | undefined => {
    if (keychain.failure !== undefined) return keychain.failure;
    for (const fault of keychain.faults) {
      if (fault.call !== undefined && !fault.call.test(what)) continue;
      if (fault.nth === undefined) return fault.kind;
      const left = (countdown.get(fault) ?? fault.nth) - 1;
      countdown.set(fault, left);
      if (left === 0) return fault.kind;
    }
    return undefined;
  };
  const call = async <T>(
    what: string,
    act: (emptied: boolean) => T,
    onWaiting?: () => void,
  ): Promise<KeychainAnswer<T>> => {
    await Promise.resolve();
    if (!alive()) return new Promise<never>(() => {});
    keychain.calls.push(what);
    const fault = faultOf(what);
    if (keychain.killing !== undefined && --keychain.killing.nth === 0) {
      if (keychain.killing.after && fault === undefined) act(false);
      die();
      return new Promise<never>(() => {});
    }
    if (fault === 'timed_out' || fault === 'late') onWaiting?.();
    if (fault === undefined || fault === 'late') return { ok: true, value: act(false) };
    if (fault === 'emptied' && what.startsWith('get ')) return { ok: true, value: act(true) };
    if (fault === 'forgets') return { ok: true, value: undefined as T };
    if (fault === 'killed') {
      die();
      return new Promise<never>(() => {});
    }
    if (fault === 'kept' || fault === 'emptied') act(fault === 'emptied');
    const why = fault === 'kept' || fault === 'emptied' ? 'not_responding' : fault;
    return { ok: false, why, detail: `fake: ${why}` };
  };
  return {
    name: 'Secret Service',
    readers: 'every program of your session, while it is unlocked',
    get largestItem() {
      return keychain.largestItem;
    },
    get: (account, onWaiting) =>
      call(
        `get ${account}`,
        (emptied) => {
          const text = keychain.items.get(account);
          return text === undefined ? undefined : new Secret(emptied ? '' : text);
        },
        onWaiting,
      ),
    set: async (account, value) => {
      if (value.reveal().length > keychain.largestItem)
        return { ok: false, why: 'too_large', detail: 'fake: too_large' };
      return call(`set ${account}`, (emptied) => void keychain.items.set(account, emptied ? '' : value.reveal()));
    },
    remove: (account) => call(`remove ${account}`, () => keychain.items.delete(account)),
  };
}
