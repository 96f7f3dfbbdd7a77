// The seal key as one small item in the operating system's keychain. The account carries the kid, so that two trees never
// share an item or delete each other's.
import { CliError } from '../../errors.ts';
import type { Keychain, KeychainAnswer, KeychainFailure } from '../../model/ports.ts';
import type { KeySourceChoice } from '../../model/store.ts';
import type { FoundKey, KeySource } from '../key-source.ts';
import { parseKeyText } from '../key-text.ts';

export interface KeychainSourceOptions {
  /** Told once when an answer takes over a second: an unlock dialog may be open. */
  readonly onWaiting?: (() => void) | undefined;
}

const account = (kid: string) => `seal-key/${kid}`;

export function keychainSource(keychain: Keychain, options: KeychainSourceOptions): KeySource {
  const read = async (kid: string): Promise<FoundKey> => {
    const item = unwrap(keychain, kid, await keychain.get(account(kid), options.onWaiting));
    if (item === undefined) return { state: 'absent' };
    if (item.reveal() === '') return { state: 'empty' };
    const bytes = parseKeyText(item.reveal());
    return bytes === undefined ? { state: 'malformed' } : { state: 'found', bytes, worldReadable: false };
  };
  const describe = (kid: string) => `the item '${account(kid)}' of the ${keychain.name}`;
  return {
    key: read,
    async create(kid, fresh): Promise<KeySourceChoice> {
      // A `set` that failed may have been stored all the same: only what reads back counts, and the next run asks for this account again.
      unwrap(keychain, kid, await keychain.set(account(kid), fresh));
      const back = await read(kid);
      if (back.state === 'found' && back.bytes.reveal() === fresh.reveal()) return { type: 'keychain' };
      throw new CliError(
        'key_unavailable',
        `the ${keychain.name} did not give back the key that was just stored in it`,
        {
          hint: waysOut,
        },
      );
    },
    async remove(kid) {
      return (await keychain.remove(account(kid))).ok ? undefined : describe(kid);
    },
    describe,
    guard: { protection: 'os', readers: 'programs that run as you while it is unlocked' },
  };
}

const waysOut =
  'log in to the desktop, unlock or install a Secret Service, or bring a key: --key file:PATH or OAUTHCTL_KEY';

const lockedWords: Partial<Record<KeychainFailure, string>> = {
  locked: 'is locked',
  timed_out: 'did not answer in time: it may be waiting for an unlock dialog',
};

const unavailableWords: Partial<Record<KeychainFailure, string>> = {
  unavailable: 'cannot be reached',
  not_responding: 'does not respond',
  no_default_collection: 'has no default collection to store in',
  ambiguous: 'holds several items for this key',
};

function unwrap<T>(keychain: Keychain, kid: string, answer: KeychainAnswer<T>): T {
  if (answer.ok) return answer.value;
  const locked = lockedWords[answer.why];
  if (locked !== undefined) {
    throw new CliError('key_locked', `the ${keychain.name} ${locked}; nothing was stored anywhere else`, {
      hint: 'unlock it (log in to the desktop, or answer its dialog) and run the same command again',
    });
  }
  const words = unavailableWords[answer.why] ?? 'failed';
  throw new CliError(
    'key_unavailable',
    `the ${keychain.name} ${words} (${answer.detail}); nothing was stored anywhere else`,
    { hint: answer.why === 'ambiguous' ? `remove all but the right one of the items '${account(kid)}'` : waysOut },
  );
}
