// Appending to the trail, crash-safe: one writer at a time, one write per line, on the disk before the event counts.
import { CliError } from '../errors.ts';
import { fileWords } from '../model/file-words.ts';
import type { JsonObject } from '../model/json.ts';
import { type Clock, type Files, isFileError, type Random } from '../model/ports.ts';
import type { Keyring } from '../model/store.ts';
import { setTornTailAside } from './torn-tail.ts';
import type { AuditEvent, AuditTrail } from './trail.ts';
import { longestLineBytes, readTrailEnd } from './trail-end.ts';
import { type AuditKey, auditKeyOf, chainEntry, headOf, type TrailHead } from './trail-entry.ts';

export interface TrailDeps {
  readonly files: Files;
  readonly clock: Clock;
  readonly random: Random;
  /** Absolute; holds `trail.jsonl`. */
  readonly folder: string;
  readonly keyring: Keyring;
  /** Runs the body while no other process appends. */
  lock<T>(body: () => Promise<T>): Promise<T>;
  readonly actor: { readonly user: string; readonly host: string; readonly pid: number };
  /** Of this program. */
  readonly version: string;
}

export function createTrail(deps: TrailDeps): AuditTrail {
  // Appends of one process follow one another here, and meet other processes only at the lock.
  let last: Promise<unknown> = Promise.resolve();
  return {
    append(event) {
      const appended = last.then(() => append(deps, event));
      last = appended.catch(() => undefined);
      return appended;
    },
  };
}

async function append(deps: TrailDeps, event: AuditEvent): Promise<void> {
  const key = auditKeyOf(await deps.keyring.key());
  try {
    await deps.files.ensureFolder(deps.folder);
    await deps.lock(() => appendUnderLock(deps, event, key));
  } catch (error) {
    if (!isFileError(error)) throw error;
    const { why, hint } = fileWords(error);
    const message = `the audit trail cannot be written: ${error.path}: ${why}`;
    throw new CliError('store_unavailable', message, { hint, cause: error });
  }
}

async function appendUnderLock(deps: TrailDeps, event: AuditEvent, key: AuditKey): Promise<void> {
  const path = deps.files.join(deps.folder, 'trail.jsonl');
  const end = await readTrailEnd(deps.files, path);
  if (end.state === 'unreadable') {
    throw new CliError('store_unavailable', `${path} ends in something that is no audit entry`, {
      hint: `keep ${path} as evidence: move it elsewhere`,
    });
  }
  const recovered = await setTornTailAside(deps.files, deps.folder, path, end);
  let { head } = end;
  let before = end.state === 'whole' && end.needsNewline ? '\n' : '';
  if (recovered !== undefined) {
    const told = { type: 'audit.recovered', outcome: 'success', details: recovered } as const;
    head = await appendLine(deps, path, before, chainLine(deps, head, told, key));
    before = '';
  }
  await appendLine(deps, path, before, chainLine(deps, head, event, key));
}

async function appendLine(deps: TrailDeps, path: string, before: string, line: string): Promise<TrailHead> {
  const head = headOf(line);
  if (head === undefined || Buffer.byteLength(line) > longestLineBytes) {
    throw new CliError('internal', 'an audit event is too long to be kept');
  }
  await deps.files.appendOwn(path, `${before}${line}\n`);
  return head;
}

/** Every member is always there; null where the event says nothing. */
function chainLine(deps: TrailDeps, head: TrailHead, event: AuditEvent, key: AuditKey): string {
  const { user, host, pid } = deps.actor;
  const content: JsonObject = {
    time: new Date(deps.clock.now()).toISOString(),
    id: Buffer.from(deps.random.bytes(16)).toString('hex'),
    type: event.type,
    outcome: event.outcome,
    actor: { user, pid },
    provider: event.provider ?? null,
    connection: event.connection ?? null,
    details: bounded(event.details ?? {}),
    host,
    version: deps.version,
  };
  return chainEntry(head, content, key);
}

const longestText = 500;
const longestList = 4_000;

/** Words and scopes of a provider may be of any length, and one that is too long must not keep the outcome out of the trail. */
function bounded(details: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(details), (_, value) => {
    if (Array.isArray(value)) return boundedList(value);
    return typeof value === 'string' && value.length > longestText ? `${value.slice(0, longestText)}…` : value;
  });
}

function boundedList(list: readonly unknown[]): readonly unknown[] {
  let room = longestList;
  const end = list.findIndex((item) => {
    room -= JSON.stringify(item).length;
    return room < 0;
  });
  return end === -1 ? list : [...list.slice(0, end), `… ${list.length - end} more`];
}
