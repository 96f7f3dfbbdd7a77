// A connection under another name: the same grant, the same tokens.
import { CliError } from '../errors.ts';
import { type ConnectionName, connectionName, parseConnectionName, parseLabel } from '../model/names.ts';
import type { RecordLock } from '../model/store.ts';
import { connectionToFacts } from './facts.ts';
import { resolveName } from './find.ts';
import { openConnection } from './freshen.ts';
import { noteOutcome } from './note-outcome.ts';
import { moveNotes } from './notes.ts';
import { tokensToJson } from './tokens-at-rest.ts';
import type { Workspace } from './workspace.ts';

const lockWaitMs = 30_000;

export interface Renamed {
  readonly from: string;
  readonly to: string;
}

/** `wanted`: `PROVIDER`, `PROVIDER:LABEL`, or the label alone. Throws `connection_not_found`, `invalid_value`. */
export async function renameConnection(workspace: Workspace, text: string, wanted: string): Promise<Renamed> {
  const { store } = workspace;
  // One that was cut short before would look like damage.
  await store.finishRenames();
  const from = await resolveName(workspace, text);
  const to = newName(parseConnectionName(from), wanted);
  if (to.text === from)
    throw new CliError('invalid_value', `'${from}' has that name already`, { hint: 'oauthctl list' });
  const held = await lockBoth(workspace, from, to.text);
  try {
    if ((await store.names('connections')).includes(to.text)) {
      throw new CliError('invalid_value', `there is a connection '${to.text}' already`, {
        hint: 'choose another name',
      });
    }
    const { connection, tokens, record } = await openConnection(workspace, from);
    const { host } = await workspace.system.liveness.self();
    const facts = connectionToFacts({ ...connection, name: to.text, label: to.label, host });
    const content = { binding: record.binding, facts, secrets: tokensToJson(tokens) };
    await moveNotes(workspace, from, to.text, () => store.rename({ ...held, content, generation: record.generation }));
  } finally {
    await held.from.release();
    await held.to.release();
  }
  await noteOutcome(workspace, {
    type: 'connection.renamed',
    outcome: 'success',
    connection: to.text,
    details: { from },
  });
  return { from, to: to.text };
}

function newName({ provider }: ConnectionName, wanted: string): ConnectionName {
  const isLabel = !wanted.includes(':') && wanted.toLowerCase() !== provider;
  const to = isLabel ? connectionName(provider, parseLabel(wanted, 'choose another')) : parseConnectionName(wanted);
  if (to.provider === provider) return to;
  throw new CliError('invalid_value', `a grant of '${provider}' cannot become one of '${to.provider}'`, {
    hint: `oauthctl connect ${to.text}`,
  });
}

/** In one order for everybody, so that two that swap names do not wait for each other. */
async function lockBoth(workspace: Workspace, from: string, to: string): Promise<{ from: RecordLock; to: RecordLock }> {
  const options = { waitMs: lockWaitMs, signal: workspace.system.signals.interrupted };
  const lock = (name: string) => workspace.store.lock({ kind: 'connections', name }, options);
  const [firstName = from, secondName = to] = [from, to].sort();
  const first = await lock(firstName);
  try {
    const second = await lock(secondName);
    return firstName === from ? { from: first, to: second } : { from: second, to: first };
  } catch (error) {
    await first.release();
    throw error;
  }
}
