// What the keychain refused while it held a record's sealed part, as an error for people.
import { CliError } from '../errors.ts';
import type { Keychain, KeychainAnswer, KeychainFailure } from '../model/ports.ts';
import type { RecordRef } from '../model/store.ts';
import { unreadable } from './open-record.ts';

const words: Readonly<Record<KeychainFailure, string>> = {
  locked: 'is locked',
  timed_out: 'did not answer in time: it may be waiting for an unlock dialog',
  unavailable: 'cannot be reached',
  not_responding: 'does not respond',
  no_default_collection: 'has no default collection to store in',
  ambiguous: 'holds several items of one name',
  too_large: 'takes no item that long',
  failed: 'failed',
};

/** The value, or `itemTrouble`. */
export function unwrapItem<T>(keychain: Keychain, act: string | null, account: string, answer: KeychainAnswer<T>): T {
  if (answer.ok) return answer.value;
  throw itemTrouble(keychain, act, account, answer);
}

/** `key_locked` or `store_unavailable`. `act`: "saving 'acme'"; null where the caller has the words. */
export function itemTrouble(
  { name }: Keychain,
  act: string | null,
  account: string,
  { why, detail }: { readonly why: KeychainFailure; readonly detail: string },
): CliError {
  const what = `${act === null ? '' : `${act} failed: `}the ${name} ${words[why]}`;
  const elsewhere = act === null ? '' : '; nothing was stored anywhere else';
  if (why === 'locked' || why === 'timed_out') {
    return new CliError('key_locked', `${what}${elsewhere}`, {
      hint: 'unlock it (log in to the desktop, or answer its dialog) and run the same command again',
    });
  }
  return new CliError('store_unavailable', `${what} (${detail})${elsewhere}`, {
    hint:
      why === 'ambiguous'
        ? `remove all but the right one of the items '${account}'`
        : 'log in to the desktop, or unlock or install a Secret Service, and run the same command again',
  });
}

/** The keychain answered, and it was not what was stored. */
export function itemLost({ name }: Keychain, ref: RecordRef, why: string): CliError {
  const error = unreadable(ref, `its sealed part rests in the ${name}, and ${why}`);
  return new CliError('record_unreadable', error.message, {
    hint: `log in where it was stored, if that was another keychain; or ${error.hint?.replace(/^.*; or /, '') ?? ''}`,
  });
}
