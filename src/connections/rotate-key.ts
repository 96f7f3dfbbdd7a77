// `key rotate`: a new seal key, and every record sealed anew with it, one after the other under its own lock. Cut short at any
// point, both keys are accepted, and the next call goes on.
import { CliError } from '../errors.ts';
import type { KeySourceChoice, RecordKind, RecordRef, Rotation } from '../model/store.ts';
import { noteOutcome } from './note-outcome.ts';
import type { Workspace } from './workspace.ts';
import { writeBackGrant } from './write-back.ts';

/** A refresh under way is given the time to save its answer. */
const lockWaitMs = 30_000;

const kinds: readonly RecordKind[] = ['connections', 'apps'];

export interface RotatedKey extends Rotation {
  /** Sealed anew by this call. */
  readonly resealed: number;
  /** Where a copy of the old key still lies. */
  readonly leftAt: string | undefined;
}

export async function rotateKey(workspace: Workspace, to: KeySourceChoice | undefined): Promise<RotatedKey> {
  const { keyring } = workspace;
  const rotation = await keyring.beginRotation(to);
  const details = { from: rotation.from, to: rotation.to, resumed: rotation.resumed };
  await workspace.audit.append({ type: 'key.rotated', outcome: 'intent', details });
  if (rotation.resumed) workspace.say(`going on with the rotation to the key ${rotation.to}`);
  const { resealed, failed } = await resealAll(workspace, rotation);
  if (failed.length > 0) throw unfinished(failed);
  const { leftAt } = await keyring.endRotation(rotation, () => mustBeSealedAnew(workspace, rotation));
  await noteOutcome(workspace, { type: 'key.rotated', outcome: 'success', details });
  // What a receiver holds opens with the old key only.
  for (const name of await workspace.store.names('connections')) await writeBackGrant(workspace, name);
  return { ...rotation, resealed, leftAt };
}

interface FailedRecord {
  readonly ref: RecordRef;
  readonly error: CliError;
}

async function resealAll(
  workspace: Workspace,
  rotation: Rotation,
): Promise<{ readonly resealed: number; readonly failed: readonly FailedRecord[] }> {
  let resealed = 0;
  const failed: FailedRecord[] = [];
  for (const kind of kinds) {
    for (const name of await workspace.store.names(kind)) {
      try {
        if (await reseal(workspace, { kind, name }, rotation)) resealed++;
      } catch (error) {
        if (!(error instanceof CliError) || error.code === 'cancelled') throw error;
        failed.push({ ref: { kind, name }, error });
      }
    }
  }
  return { resealed, failed };
}

/** False when there was nothing to do. The content stays what it is, marks of refreshes included: fingerprints outlive a seal key. */
async function reseal({ store, say }: Workspace, ref: RecordRef, { to }: Rotation): Promise<boolean> {
  const onWait = (holder: string) => say(`'${ref.name}' is in use by ${holder}: waiting`);
  const lock = await store.lock(ref, { waitMs: lockWaitMs, onWait });
  try {
    const record = await store.read(ref);
    if (record === undefined || record.sealedWith === to) return false;
    const { binding, facts, generation } = record;
    await store.write(ref, { binding, facts, secrets: await record.open() }, lock, generation);
    return true;
  } finally {
    await lock.release();
  }
}

/** Whatever is there now: what the old key sealed is lost with it. */
async function mustBeSealedAnew({ store }: Workspace, { from }: Rotation): Promise<void> {
  const failed: FailedRecord[] = [];
  for (const kind of kinds) {
    for (const listed of await store.list(kind)) {
      if (!listed.ok) {
        failed.push({ ref: listed.ref, error: new CliError(listed.code, listed.message, { hint: listed.hint }) });
      } else if (listed.record.sealedWith === from) {
        const { ref } = listed.record;
        failed.push({ ref, error: new CliError('locked', `'${ref.name}' is still sealed with the old key`) });
      }
    }
  }
  if (failed.length > 0) throw unfinished(failed);
}

function unfinished(failed: readonly FailedRecord[]): CliError {
  const [first] = failed;
  // A record that cannot be read needs a person; one that was in use needs another call.
  const worst = failed.find(({ error }) => error.exit !== 6) ?? first;
  const words = failed.map(({ error }) => error.message).join('; ');
  return new CliError(
    worst?.error.code ?? 'internal',
    `the rotation is not at its end, and both keys stay in use: ${words}`,
    { hint: `${worst?.error.exit === 7 && worst.error.hint ? `${worst.error.hint}; then ` : ''}oauthctl key rotate` },
  );
}
