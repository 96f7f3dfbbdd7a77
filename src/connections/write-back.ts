// Giving what a refresh gave to who receives it, so that it outlives this machine; and no single-use token spent where nobody does.
// What was saved here and not yet given is owed: a file beside the records says so until it was given.
import { CliError } from '../errors.ts';
import type { Connection } from '../model/connection.ts';
import type { Provider } from '../model/provider.ts';
import type { Receiving } from '../model/write-back.ts';
import { overFiles } from '../stores/file-trouble.ts';
import { bundleText } from './bundle.ts';
import type { FreshenOutcome } from './freshen.ts';
import { losesNothing } from './lifetimes.ts';
import { noteOutcome } from './note-outcome.ts';
import { noteFile, noteFolder } from './notes.ts';
import { providerOf } from './peer.ts';
import { receiverOf } from './receivers.ts';
import type { Workspace } from './workspace.ts';

const lockWaitMs = 30_000;

async function receiving(workspace: Workspace): Promise<Receiving | undefined> {
  const asked = await workspace.writeBack();
  return asked.kind === 'path' || asked.kind === 'command' ? asked : undefined;
}

/** Somebody receives, and has not got what rests here. */
export async function isOwed(workspace: Workspace, name: string): Promise<boolean> {
  if ((await receiving(workspace)) === undefined) return false;
  return (await workspace.system.files.facts(noteFile(workspace, 'owed', name))) !== undefined;
}

/**
 * Under the record's lock, before its refresh token is marked or spent. Undefined: go on, and what comes is owed. Otherwise why
 * the new token would be lost.
 */
export async function whyWithheld(workspace: Workspace, connection: Connection): Promise<CliError | undefined> {
  const asked = await workspace.writeBack();
  if (asked.kind === 'not_needed') return undefined;
  if (asked.kind === 'missing') {
    const provider = await providerOf(workspace, connection);
    const use = useOf(provider, connection);
    if (use === 'lasting') return undefined;
    if (use === 'single') return wouldBeLost(provider, connection);
    workspace.warn(
      `'${connection.name}' is refreshed in CI, where nobody receives a new refresh token; whether ${provider.name} gives one is not known`,
    );
  } else {
    try {
      await receiverOf(workspace, connection.name, asked).prove(await bundleText(workspace, connection.name));
    } catch (error) {
      if (error instanceof CliError) return cannotReceive(connection, error);
      throw error;
    }
  }
  await owe(workspace, connection.name);
  return undefined;
}

/** What a spent refresh token is worth. `rotates` is what was seen; before the first refresh, what the provider says. */
function useOf(provider: Provider, { refreshToken }: Connection): 'single' | 'lasting' | 'unknown' {
  if (losesNothing(provider)) return 'lasting';
  if (provider.rotation === 'always' || refreshToken.rotates === true) return 'single';
  return refreshToken.rotates === false ? 'lasting' : 'unknown';
}

function wouldBeLost(provider: Provider, { name }: Connection): CliError {
  return new CliError(
    'store_unavailable',
    `'${name}' is not refreshed: a refresh token of ${provider.name} works once, and the next one would be lost with this CI job`,
    {
      hint: `oauthctl refresh ${name} --write-back FILE, or command:CMD; or keep, where this data folder outlives the job`,
    },
  );
}

function cannotReceive({ name }: Connection, cause: CliError): CliError {
  return new CliError(
    'store_unavailable',
    `'${name}' is not refreshed, since nobody could receive it: ${cause.message}`,
    {
      hint: cause.hint,
      cause,
    },
  );
}

async function owe(workspace: Workspace, name: string): Promise<void> {
  const { files } = workspace.system;
  await overFiles(`noting that '${name}' is owed`, async () => {
    await files.ensureFolder(noteFolder(workspace, 'owed'));
    await files.createOwn(noteFile(workspace, 'owed', name), '');
  });
}

/** Best effort: a debt that stands for nothing costs one more delivery. */
async function forgive(workspace: Workspace, name: string): Promise<void> {
  await workspace.system.files.remove(noteFile(workspace, 'owed', name)).catch(() => false);
}

/** After a spend, under the same lock: where nothing new came, nothing is owed. */
export async function settleDebt(workspace: Workspace, outcome: FreshenOutcome): Promise<void> {
  const decided = outcome.kind !== 'refreshed' && outcome.kind !== 'uncertain';
  if (decided && (await workspace.writeBack()).kind !== 'not_needed') await forgive(workspace, outcome.connection.name);
}

/** Once the answer is at rest. Throws `store_unavailable` where it was not received: it rests here only then, and stays owed. */
export async function payAfterRefresh(workspace: Workspace, name: string, rotated: boolean): Promise<void> {
  const asked = await workspace.writeBack();
  if (asked.kind === 'path' || asked.kind === 'command') return payDebt(workspace, name);
  if (asked.kind !== 'missing') return;
  if (!rotated) return forgive(workspace, name);
  workspace.warn(
    `'${name}' was given a new refresh token that rests on this machine only: oauthctl token ${name} --write-back FILE, before this CI job ends`,
  );
}

/** Under the record's lock. */
export async function payDebt(workspace: Workspace, name: string): Promise<void> {
  const to = await receiving(workspace);
  if (to === undefined) return;
  const receiver = receiverOf(workspace, name, to);
  const event = { type: 'connection.written_back', connection: name, details: { to: to.kind } };
  try {
    await receiver.take(await bundleText(workspace, name));
  } catch (error) {
    await noteOutcome(workspace, { ...event, outcome: 'failure' });
    throw error instanceof CliError && error.code !== 'cancelled'
      ? notReceived(name, receiver.words, to, error)
      : error;
  }
  await forgive(workspace, name);
  await noteOutcome(workspace, { ...event, outcome: 'success' });
}

function notReceived(name: string, words: string, to: Receiving, cause: CliError): CliError {
  return new CliError(
    'store_unavailable',
    `${words} has not received '${name}': ${cause.message}; its newest refresh token rests on this machine only, and must be given before the machine goes`,
    { hint: `oauthctl token ${name} --write-back ${quoted(to.text)}`, cause },
  );
}

const quoted = (text: string) => (/^[\w./:@%+=,~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** Before a sign-in: a receiver that cannot take the grant is met before the browser opens. */
export async function proveWriteBack(workspace: Workspace, name: string, isStored: boolean): Promise<void> {
  const to = await receiving(workspace);
  if (to === undefined) return;
  await receiverOf(workspace, name, to).prove(isStored ? await bundleText(workspace, name) : undefined);
}

/** After a sign-in: the grant is at rest here. */
export async function writeBackGrant(workspace: Workspace, name: string): Promise<void> {
  if ((await receiving(workspace)) === undefined) return;
  await owe(workspace, name);
  const ref = { kind: 'connections', name } as const;
  const lock = await workspace.store.lock(ref, { waitMs: lockWaitMs, signal: workspace.system.signals.interrupted });
  try {
    await payDebt(workspace, name);
  } finally {
    await lock.release();
  }
}
