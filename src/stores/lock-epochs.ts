// The epoch files of one lock folder: `1.json`, `2.json`, … The highest says who holds the lock; nobody ever removes it.
import type { JsonObject } from '../model/json.ts';
import { isJsonObject, parseJson } from '../model/json.ts';
import { type Files, isFileError, type ProcessIdentity } from '../model/ports.ts';

const version = 1;

/** What the highest epoch says. `text` is its whole content, so that a waiter can tell whether it changes. */
export type TopEpoch = { readonly epoch: number; readonly file: string; readonly text: string } & (
  | { readonly state: 'free' }
  | { readonly state: 'held'; readonly holder: ProcessIdentity; readonly token: string }
  /** Not what any holder writes, or not readable: somebody may hold it all the same. */
  | { readonly state: 'unknown' }
);

export interface LockEpochs {
  top(): Promise<TopEpoch>;
  file(epoch: number): string;
  /** Epochs in the folder, highest first. */
  list(): Promise<number[]>;
}

/** Rejects with a FileError when the folder itself cannot be read. */
export function lockEpochs(files: Files, folder: string): LockEpochs {
  const file = (epoch: number) => files.join(folder, `${epoch}.json`);
  const list = async () => ((await files.list(folder)) ?? []).flatMap(epochOf).sort((a, b) => b - a);
  const top = async (missed = 0): Promise<TopEpoch> => {
    const epoch = (await list())[0] ?? 0;
    if (epoch === 0) return { epoch, file: folder, text: '', state: 'free' };
    const text = await files.readOwn(file(epoch)).catch(unreadableAsEmpty);
    // Cleaned away since it was listed, so there is a higher one; where there is not, the listing is not to be trusted.
    if (text === undefined && epoch !== missed) return top(epoch);
    return { epoch, file: file(epoch), text: text ?? '', ...parseEpoch(text ?? '') };
  };
  return { top: () => top(), file, list };
}

/** An epoch that cannot be read is no reason to stop: its holder may release it any time. */
function unreadableAsEmpty(error: unknown): string {
  if (isFileError(error)) return '';
  throw error;
}

function epochOf(fileName: string): number[] {
  const epoch = Number(/^([1-9]\d{0,14})\.json$/.exec(fileName)?.[1]);
  return Number.isNaN(epoch) ? [] : [epoch];
}

export const freeEpoch = JSON.stringify({ version, state: 'free' });

/** `beat` counts up while the lock is held, for those who can tell from nothing else that the holder lives. */
export function heldEpoch(holder: ProcessIdentity, token: string, beat: number): string {
  return JSON.stringify({ version, state: 'held', holder, token, beat });
}

type EpochState =
  | { readonly state: 'free' | 'unknown' }
  | { readonly state: 'held'; readonly holder: ProcessIdentity; readonly token: string };

function parseEpoch(text: string): EpochState {
  const epoch = parseJson(text);
  if (!isJsonObject(epoch) || epoch.version !== version) return { state: 'unknown' };
  if (epoch.state === 'free') return { state: 'free' };
  const { holder, token } = epoch;
  if (epoch.state !== 'held' || typeof token !== 'string' || !isIdentity(holder)) return { state: 'unknown' };
  return { state: 'held', holder, token };
}

function isIdentity(value: unknown): value is JsonObject & ProcessIdentity {
  if (!isJsonObject(value) || !Number.isSafeInteger(value.pid)) return false;
  return ['host', 'boot', 'space', 'start'].every((member) => typeof value[member] === 'string');
}
