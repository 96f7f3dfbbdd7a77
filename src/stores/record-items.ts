// Sealed parts as items of the operating system's keychain. An item cannot be written atomically and a write that failed may
// have happened, so every write goes to items of its own, and counts once they have all been read back.
import type { Keychain, Random } from '../model/ports.ts';
import { Secret } from '../model/secret.ts';
import type { RecordRef } from '../model/store.ts';
import type { ItemSet } from './item-ledger.ts';
import { digestOf, joinParts, splitParts } from './item-parts.ts';
import { itemLost, itemTrouble, unwrapItem } from './item-trouble.ts';
import type { SealedIn } from './open-record.ts';
import { encodeRecordName } from './record-name.ts';

export interface RecordItems {
  /** What the sealed part will be, before any of it is stored. */
  plan(sealed: string, kid: string): SealedIn;
  /** Stores the parts, reads every one back and compares. */
  put(ref: RecordRef, generation: number, sealed: string, into: SealedIn): Promise<void>;
  /** Throws `record_unreadable` when a part is absent, empty or another; `key_locked`, `store_unavailable` when it cannot be told. */
  get(ref: RecordRef, generation: number, from: SealedIn): Promise<string>;
  remove(ref: RecordRef, set: ItemSet): Promise<void>;
  /** Whether the keychain answers at all. */
  reach(): Promise<void>;
  /** Stores, reads and removes an item as large as they get. */
  probe(): Promise<void>;
}

export interface ItemsDeps {
  readonly keychain: () => Keychain;
  readonly random: Random;
  /** Told when an answer takes over a second: an unlock dialog may be open. */
  readonly onWaiting?: (() => void) | undefined;
}

export function recordItems({ keychain: open, random, onWaiting }: ItemsDeps): RecordItems {
  const newId = () => Buffer.from(random.bytes(16)).toString('hex');
  const partsOf = (ref: RecordRef, { generation, id, parts }: ItemSet) =>
    Array.from({ length: parts }, (_, at) => itemAccount(ref, { generation, id }, at + 1));
  /** A `set` that was answered may be lost all the same, with its daemon: what reads back is there. */
  const store = async (keychain: Keychain, act: string, account: string, text: string) => {
    unwrapItem(keychain, act, account, await keychain.set(account, new Secret(text)));
    const back = unwrapItem(keychain, act, account, await keychain.get(account, onWaiting));
    if (back?.reveal() === text) return;
    throw itemTrouble(keychain, act, account, { why: 'failed', detail: 'what was stored does not read back' });
  };
  return {
    plan: (sealed, kid) => ({
      id: newId(),
      parts: splitParts(sealed, open().largestItem).length,
      sha256: digestOf(sealed),
      kid,
    }),
    async put(ref, generation, sealed, into) {
      const keychain = open();
      const texts = splitParts(sealed, keychain.largestItem);
      for (const [at, account] of partsOf(ref, { generation, ...into }).entries()) {
        await store(keychain, `saving '${ref.name}'`, account, texts[at] ?? '');
      }
    },
    async get(ref, generation, from) {
      const keychain = open();
      const texts: string[] = [];
      for (const [at, account] of partsOf(ref, { generation, ...from }).entries()) {
        const answer = await keychain.get(account, onWaiting);
        const text = unwrapItem(keychain, `opening '${ref.name}'`, account, answer)?.reveal();
        const what = from.parts === 1 ? 'the item' : `part ${at + 1} of ${from.parts}`;
        if (text === undefined) throw itemLost(keychain, ref, `${what} is not there`);
        if (text === '') throw itemLost(keychain, ref, `${what} is empty`);
        texts.push(text);
      }
      const sealed = joinParts(texts, from.sha256);
      if (sealed === undefined) throw itemLost(keychain, ref, 'what is there is not what was stored');
      return sealed;
    },
    async remove(ref, set) {
      const keychain = open();
      for (const account of partsOf(ref, set)) {
        unwrapItem(keychain, null, account, await keychain.remove(account));
      }
    },
    async reach() {
      const keychain = open();
      const account = `record/probe/${newId()}`;
      unwrapItem(keychain, 'asking the keychain', account, await keychain.get(account, onWaiting));
    },
    async probe() {
      const keychain = open();
      const account = `record/probe/${newId()}`;
      const act = 'trying to store an item';
      await store(keychain, act, account, 'x'.repeat(Math.min(keychain.largestItem, probeLength)));
      unwrapItem(keychain, act, account, await keychain.remove(account));
    },
  };
}

/** As large as a record may well be. */
const probeLength = 16 * 1024;

/** Record and generation are for whoever looks at the keychain; the id, lower-case since Windows ignores case, makes it this write's alone. */
function itemAccount({ kind, name }: RecordRef, { generation, id }: Omit<ItemSet, 'parts'>, part: number): string {
  return `record/${kind}/${encodeRecordName(name)}#${generation}/${id}/${part}`;
}
