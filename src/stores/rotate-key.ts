// The two ends of `key rotate`. Between them key.next.json is there: records of both keys are opened, and what is written is
// sealed with the new one. Both ends run under the key lock, as does every write of a record that is new.
import { CliError } from '../errors.ts';
import { isJsonObject, parseJson } from '../model/json.ts';
import type { KeySourceChoice, Rotation, SealKey } from '../model/store.ts';
import { overFiles } from './file-trouble.ts';
import { draftKey, keyFileText, mustLieElsewhere } from './make-key.ts';
import { nothingToMove, warnWhenNamedElsewhere } from './move-key.ts';
import { type KeyFiles, openKey, readKeyFiles, sameSource, type Tree } from './open-tree.ts';
import { auditKeys, retire } from './retired-keys.ts';
import { claimedHeader } from './seal.ts';
import { recordKinds, recordNameOf, sealedFiles } from './tree-layout.ts';

export async function beginRotation(tree: Tree, to: KeySourceChoice | undefined): Promise<Rotation> {
  const { files, layout } = tree;
  const { current, next } = await readKeyFiles(tree);
  if (current === undefined) throw await nothingToMove(tree);
  if (next !== undefined && next.kid !== current.kid) {
    if (!(await isLostForNothing(tree, next.kid))) return goOn(tree, { current, next }, to);
    await overFiles('removing key.next.json', () => files.remove(layout.keyNext));
  }
  const source = to ?? current.source;
  mustHoldTwo(current.source, source, to === undefined);
  mustLieElsewhere(tree, source, '--to');
  const old = await openKey(tree, (now) => now.current, { not: to });
  if (old === undefined) throw await nothingToMove(tree);
  const taken = [current.kid, ...current.retired.map(({ kid }) => kid)];
  const { facts, key } = await draftKey(tree, current, taken, source);
  if (key.bytes.reveal() === old.bytes.reveal()) {
    const where = tree.source(source).describe(key.kid);
    throw new CliError('key_unavailable', `${where} holds the key of now: a rotation goes to another`, {
      hint: 'put what `openssl rand -base64 32` prints there',
    });
  }
  const retired = retire(auditKeys(current, old), key, tree.random);
  await overFiles('writing key.next.json', async () => {
    await files.replaceOwn(layout.keyNext, keyFileText(tree, { ...facts, retired }, key));
    await files.remove(layout.keyDraft);
  });
  return { from: current.kid, to: key.kid, resumed: false };
}

async function goOn(
  tree: Tree,
  { current, next }: Required<KeyFiles>,
  to: KeySourceChoice | undefined,
): Promise<Rotation> {
  if (current === undefined || next === undefined) throw await nothingToMove(tree);
  if (to !== undefined && !sameSource(to, next.source)) {
    const where = tree.source(next.source).describe(next.kid);
    throw new CliError('invalid_value', `--to: a rotation is under way already, to ${where}`, {
      hint: 'finish it first: oauthctl key rotate',
    });
  }
  // Both must open before any record is touched.
  await openKey(tree, (now) => now.current);
  await openKey(tree, (now) => now.next ?? now.current);
  return { from: current.kid, to: next.kid, resumed: true };
}

/** Keychain items and wrapped keys are named by their kid; a file, a variable and a program hold one key. */
function mustHoldTwo(from: KeySourceChoice, to: KeySourceChoice, unasked: boolean): void {
  if (from.type === 'keychain' || from.type === 'passphrase' || !sameSource(from, to)) return;
  const why = unasked ? `the source ${from.type} holds one key only` : `--to ${to.type} is where the key of now lies`;
  // What holds one key is given the new one by its person, once it is the key of now.
  const then =
    from.type === 'file' ? '' : `, then put what that file holds there and: oauthctl key move --to ${from.type}`;
  throw new CliError('usage', `${why}, and a rotation needs both for a while`, {
    hint: `oauthctl key rotate --to file:OTHER-PATH${then}`,
  });
}

export async function endRotation(
  tree: Tree,
  { from, to }: Rotation,
  mustBeDone: () => Promise<void>,
): Promise<{ readonly leftAt: string | undefined }> {
  const { files, layout } = tree;
  const { current, next } = await readKeyFiles(tree);
  if (current === undefined) throw await nothingToMove(tree);
  // Another process was faster.
  if (current.kid === to) return { leftAt: undefined };
  if (current.kid !== from || next?.kid !== to) {
    throw new CliError('key_unavailable', 'the key files were changed by another program meanwhile', {
      hint: 'oauthctl key show',
    });
  }
  const key: SealKey | undefined = await openKey(tree, (now) => now.next);
  if (key === undefined) throw await nothingToMove(tree);
  await mustBeDone();
  await overFiles('looking for copies of records', () => mustLeaveNoCopy(tree, from));
  await overFiles('renaming key.next.json', () => files.rename(layout.keyNext, layout.keyFile));
  warnWhenNamedElsewhere(tree, next.source);
  const leftAt = await tree.source(current.source).remove(current.kid);
  if (current.source.type === 'keychain' || next.source.type === 'keychain') {
    // Of a rotation that was killed right here.
    for (const { kid } of current.retired) await tree.source({ type: 'keychain' }).remove(kid);
  }
  return { leftAt };
}

/** The new key has gone from its source before anything was sealed with it: then there is nothing to go on with. */
async function isLostForNothing(tree: Tree, kid: string): Promise<boolean> {
  try {
    await openKey(tree, ({ next }) => (next?.kid === kid ? next : undefined));
    return false;
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'key_missing') throw error;
    return (await overFiles('looking at sealed files', () => filesSealedWith(tree, kid))).length === 0;
  }
}

/** Files that are no record's by their name, copies for instance: no key would open them any more. */
async function mustLeaveNoCopy(tree: Tree, kid: string): Promise<void> {
  const copy = (await filesSealedWith(tree, kid)).find(({ name }) => name === undefined);
  if (copy === undefined) return;
  throw new CliError('record_unreadable', `${copy.path} is no record's file, and is sealed with the old key`, {
    hint: `remove ${copy.path}, then oauthctl key rotate`,
  });
}

async function filesSealedWith(
  { files, layout }: Tree,
  kid: string,
): Promise<readonly { readonly path: string; readonly name: string | undefined }[]> {
  const found: { path: string; name: string | undefined }[] = [];
  for (const kind of recordKinds) {
    for (const fileName of await sealedFiles(files, layout, kind)) {
      const path = files.join(layout.recordFolder(kind), fileName);
      const json = parseJson((await files.readOwn(path)) ?? '');
      const sealed = isJsonObject(json) && typeof json.sealed === 'string' ? json.sealed : '';
      if (claimedHeader(sealed)?.kid === kid) found.push({ path, name: recordNameOf(fileName) });
    }
  }
  return found;
}
