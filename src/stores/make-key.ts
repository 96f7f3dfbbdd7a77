// The first run of a tree: a key is put into its source, read back, and only then key.json names it. Runs under the key lock.
import { isJsonObject, parseJson } from '../model/json.ts';
import type { Files, Random } from '../model/ports.ts';
import type { Secret } from '../model/secret.ts';
import type { SealKey } from '../model/store.ts';
import { sameSource, type Tree, warnWhenReadable } from './create-keyring.ts';
import { overFiles } from './file-trouble.ts';
import { factsToJson, type KeyFacts, parseKeyFacts, writeKeyFile } from './key-file.ts';
import type { KeySource } from './key-source.ts';
import { newKeyText } from './key-text.ts';
import { keyBesideData, keyFileMissing, newKeyMalformed } from './key-trouble.ts';
import { nonceBytes } from './seal.ts';
import { holdsSealedFiles } from './tree-layout.ts';

/** `previous`: a key.json whose key is lost although nothing was sealed with it yet; it is replaced. */
export async function makeKey(tree: Tree, previous: KeyFacts | undefined): Promise<SealKey> {
  const { files, layout, random } = tree;
  if (await holdsSealedFiles(files, layout)) throw keyFileMissing(layout.keyFile);
  const facts = await draft(tree, previous);
  const source = tree.source(facts.source);
  const key = await takeOrCreate(tree, source, facts);
  await overFiles('writing key.json', async () => {
    await files.replaceOwn(layout.keyFile, writeKeyFile(facts, key, random.bytes(nonceBytes)));
    await files.remove(layout.keyDraft);
  });
  if (previous !== undefined) await tree.source(previous.source).remove(previous.kid);
  return { kid: facts.kid, bytes: key };
}

/**
 * What key.json will say, on disk before the source is asked. A run that dies in between leaves an item in the keychain
 * (a killed daemon leaves an empty one); the next run finds its kid here and uses or replaces it.
 */
async function draft(tree: Tree, previous: KeyFacts | undefined): Promise<KeyFacts> {
  const { files, layout, random } = tree;
  const source = tree.choice.explicit ?? previous?.source ?? tree.choice.fallback;
  const { host } = await tree.liveness.self();
  return overFiles('writing the draft of key.json', async () => {
    const left = parseDraft(await files.readOwn(layout.keyDraft));
    // A kid names one key for good: the trail is chained under it.
    const again = left !== undefined && left.kid !== previous?.kid && sameSource(left.source, source);
    const facts = {
      tree: previous?.tree ?? (again ? left.tree : randomId(random)),
      kid: again ? left.kid : randomId(random),
      source,
      createdAt: tree.clock.now(),
      host,
    };
    await files.replaceOwn(layout.keyDraft, `${JSON.stringify(factsToJson(facts), null, 2)}\n`);
    return facts;
  });
}

function parseDraft(text: string | undefined): KeyFacts | undefined {
  const json = text === undefined ? undefined : parseJson(text);
  return isJsonObject(json) ? parseKeyFacts(json) : undefined;
}

/** Lower-case hexadecimal: the keychain account is made of it, and Windows compares those without case. */
function randomId(random: Random): string {
  return Buffer.from(random.bytes(16)).toString('hex');
}

async function takeOrCreate(tree: Tree, source: KeySource, facts: KeyFacts): Promise<Secret> {
  const found = await source.key(facts.kid);
  if (found.state === 'malformed') throw newKeyMalformed(source, facts.kid);
  if (found.state === 'found') {
    warnWhenReadable(tree, source, facts.kid, found);
    return found.bytes;
  }
  if (facts.source.type === 'file' && !tree.mayCreateBeside && isInside(tree, facts.source.path)) {
    throw keyBesideData(facts.source.path);
  }
  const fresh = newKeyText(tree.random);
  await source.create(facts.kid, fresh);
  return fresh;
}

/** Without regard to case, since some file systems have none. */
export function isInside({ files, dataFolder }: { files: Files; dataFolder: string }, path: string): boolean {
  const below = files.join(files.resolve(dataFolder), '.x').slice(0, -2);
  return files.resolve(path).toLowerCase().startsWith(below.toLowerCase());
}
