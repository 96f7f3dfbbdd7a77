// A new seal key: drafted, put into its source, read back, and only then named by a key file. Runs under the key lock.
import { isJsonObject, parseJson } from '../model/json.ts';
import type { Random } from '../model/ports.ts';
import type { Secret } from '../model/secret.ts';
import type { KeySourceChoice, SealKey } from '../model/store.ts';
import { overFiles } from './file-trouble.ts';
import { factsToJson, type KeyFacts, parseKeyFacts, writeKeyFile } from './key-file.ts';
import { newKeyText } from './key-text.ts';
import { keyBesideData, keyFileMissing, newKeyMalformed } from './key-trouble.ts';
import { isInside, sameSource, type Tree, warnWhenReadable } from './open-tree.ts';
import { nonceBytes } from './seal.ts';
import { holdsSealedFiles } from './tree-layout.ts';

/** The first run of a tree. `previous`: a key.json whose key is lost although nothing was sealed with it yet; it is replaced. */
export async function makeKey(tree: Tree, previous: KeyFacts | undefined): Promise<SealKey> {
  const { files, layout } = tree;
  if (await holdsSealedFiles(files, layout)) throw keyFileMissing(layout.keyFile);
  const wanted = tree.choice.explicit ?? previous?.source ?? tree.choice.fallback;
  const made = await draftKey(tree, previous, previous === undefined ? [] : [previous.kid], wishOf(wanted));
  await overFiles('writing key.json', async () => {
    // Nothing is sealed, so a rotation that was under way has nothing left to do.
    await files.remove(layout.keyNext);
    await files.replaceOwn(layout.keyFile, keyFileText(tree, made.facts, made.key));
    await files.remove(layout.keyDraft);
  });
  if (previous !== undefined) await tree.source(previous.source).remove(previous.kid);
  return made.key;
}

export function keyFileText({ random }: Pick<Tree, 'random'>, facts: KeyFacts, { bytes }: SealKey): string {
  return writeKeyFile(facts, bytes, random.bytes(nonceBytes));
}

/** A passphrase is chosen anew for a new key. */
function wishOf(choice: KeySourceChoice): KeySourceChoice {
  return choice.type === 'passphrase' ? { type: 'passphrase' } : choice;
}

export interface DraftedKey {
  readonly facts: KeyFacts;
  readonly key: SealKey;
}

/**
 * A key in its source, that no key file names yet. What key.json will say is on disk before the source is asked: a run that dies
 * in between leaves an item in the keychain (a killed daemon leaves an empty one), and the next run finds its kid here and uses
 * or replaces it. `taken`: kids that have been given; the trail is chained under them, so each names one key for good.
 */
export async function draftKey(
  tree: Tree,
  previous: KeyFacts | undefined,
  taken: readonly string[],
  source: KeySourceChoice,
): Promise<DraftedKey> {
  const { files, layout, random } = tree;
  const { host } = await tree.liveness.self();
  const drafted = await overFiles('writing the draft of key.json', async () => {
    const left = parseDraft(await files.readOwn(layout.keyDraft));
    const again = left !== undefined && !taken.includes(left.kid) && sameSource(left.source, source);
    const facts = {
      tree: previous?.tree ?? (again ? left.tree : randomId(random)),
      kid: again ? left.kid : randomId(random),
      // What a passphrase wraps is no secret, but belongs in the file of the key that it wraps.
      source: source.type === 'passphrase' ? ({ type: 'passphrase' } as const) : source,
      createdAt: tree.clock.now(),
      host,
      retired: [],
    };
    await files.replaceOwn(layout.keyDraft, `${JSON.stringify(factsToJson(facts), null, 2)}\n`);
    return facts;
  });
  const { bytes, at } = await takeOrCreate(tree, source, drafted.kid);
  return { facts: { ...drafted, source: at }, key: { kid: drafted.kid, bytes } };
}

function parseDraft(text: string | undefined): KeyFacts | undefined {
  const json = text === undefined ? undefined : parseJson(text);
  return isJsonObject(json) ? parseKeyFacts(json) : undefined;
}

/** Lower-case hexadecimal: the keychain account is made of it, and Windows compares those without case. */
function randomId(random: Random): string {
  return Buffer.from(random.bytes(16)).toString('hex');
}

async function takeOrCreate(
  tree: Tree,
  choice: KeySourceChoice,
  kid: string,
): Promise<{ readonly bytes: Secret; readonly at: KeySourceChoice }> {
  const source = tree.source(choice);
  // What a wrapped passphrase opens is the key of before.
  const found = choice.type === 'passphrase' ? ({ state: 'absent' } as const) : await source.key(kid);
  if (found.state === 'malformed') throw newKeyMalformed(source, kid);
  if (found.state === 'found') {
    warnWhenReadable(tree, source, kid, found);
    return { bytes: found.bytes, at: choice };
  }
  mustLieElsewhere(tree, choice, '--key');
  const fresh = newKeyText(tree.random);
  return { bytes: fresh, at: await source.create(kid, fresh) };
}

export function mustLieElsewhere(tree: Tree, choice: KeySourceChoice, flag: '--key' | '--to'): void {
  if (choice.type !== 'file' || tree.mayCreateBeside || !isInside(tree, choice.path)) return;
  throw keyBesideData(choice.path, flag);
}
