// Putting a bundle back: into a new data folder, or one of the same tree, and never over what is as new.
import type { RecordRef } from '../model/store.ts';
import { parseBundle } from './bundle.ts';
import { readConnection } from './find.ts';
import { noteOutcome } from './note-outcome.ts';
import { noteRestored } from './restored-note.ts';
import type { Workspace } from './workspace.ts';

const lockWaitMs = 30_000;

export interface RestoredBundle {
  readonly name: string;
  /** `same`: it was here already. `kept`: what is here is newer, or another state of the same age. */
  readonly outcome: 'restored' | 'same' | 'kept';
}

/**
 * `from` names where the text was found. Throws `invalid_value` for what is no bundle, `key_missing` where its key is not here,
 * `key_mismatch` for a bundle of another tree, `record_unreadable` for one that was edited. Nothing is written then.
 */
export async function restoreBundle(workspace: Workspace, text: string, from: string): Promise<RestoredBundle> {
  const bundle = parseBundle(text, from);
  const { name, connection, app } = bundle;
  await workspace.keyring.adopt(bundle.keyFile);
  // First: a connection without its app cannot be refreshed.
  if (app !== undefined) await restoreOne(workspace, app.ref, app.text);
  const came = await restoreOne(workspace, connection.ref, connection.text);
  if (came === 'older' || came === 'differs') {
    const why = came === 'older' ? 'is newer than' : 'is of the same age as, and not the same as,';
    workspace.warn(`'${name}' was kept: what is here ${why} what ${from} holds`);
    return { name, outcome: 'kept' };
  }
  if (came === 'same') return { name, outcome: 'same' };
  const stored = await readConnection(workspace, name);
  if (stored !== undefined) await noteRestored(workspace, stored.connection);
  const details = { generation: bundle.state.generation };
  await noteOutcome(workspace, { type: 'connection.restored', outcome: 'success', connection: name, details });
  await warnOfUnknownProvider(workspace, name);
  return { name, outcome: 'restored' };
}

async function restoreOne(workspace: Workspace, ref: RecordRef, text: string) {
  const { store, system } = workspace;
  const lock = await store.lock(ref, { waitMs: lockWaitMs, signal: system.signals.interrupted });
  try {
    return await store.restore(ref, text, lock);
  } finally {
    await lock.release();
  }
}

/** An added provider is no part of a bundle: its file is bound by no seal, so nobody else's is taken. */
async function warnOfUnknownProvider({ providers, warn }: Workspace, name: string): Promise<void> {
  const id = name.split(':')[0] ?? name;
  const isKnown = await providers.get(id).then(
    () => true,
    () => false,
  );
  if (!isKnown) warn(`the provider '${id}' is not known here yet: oauthctl provider add ${id}`);
}
