// A keychain in memory, which fails as it is told to.
import type { Keychain, KeychainAnswer, KeychainFailure } from '../../src/model/ports.ts';
import { Secret } from '../../src/model/secret.ts';

export interface FakeKeychain {
  /** Account → text. */
  readonly items: Map<string, string>;
  /** Every call fails so; `undefined` again when it is well. */
  failure: KeychainFailure | undefined;
  /** `get account`, `set account`, `remove account`. */
  readonly calls: string[];
  /** The process that makes the `nth` call from now on dies at it; with `after`, the call has taken place all the same. */
  killing: { nth: number; readonly after: boolean } | undefined;
}

export function fakeKeychain(keychain: FakeKeychain, alive: () => boolean, die: () => void): Keychain {
  const call = async <T>(what: string, act: () => T): Promise<KeychainAnswer<T>> => {
    await Promise.resolve();
    if (!alive()) return new Promise<never>(() => {});
    keychain.calls.push(what);
    const why = keychain.failure;
    if (keychain.killing !== undefined && --keychain.killing.nth === 0) {
      if (keychain.killing.after && why === undefined) act();
      die();
      return new Promise<never>(() => {});
    }
    return why === undefined ? { ok: true, value: act() } : { ok: false, why, detail: `fake: ${why}` };
  };
  return {
    name: 'Secret Service',
    get: (account, onWaiting) => {
      if (keychain.failure === 'timed_out') onWaiting?.();
      return call(`get ${account}`, () => {
        const text = keychain.items.get(account);
        return text === undefined ? undefined : new Secret(text);
      });
    },
    set: (account, value) => call(`set ${account}`, () => void keychain.items.set(account, value.reveal())),
    remove: (account) => call(`remove ${account}`, () => keychain.items.delete(account)),
  };
}
