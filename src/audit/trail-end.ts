// The end of trail.jsonl: where the chain stands, and what a crash may have left behind the last whole line.
import type { Files } from '../model/ports.ts';
import { emptyTrail, headOf, type TrailHead } from './trail-entry.ts';

/** Far more than the longest line, so that the last whole one is always in view. */
const viewBytes = 64 * 1024;
export const longestLineBytes = viewBytes / 4;

const newline = 0x0a;

export type TrailEnd =
  | {
      readonly state: 'whole';
      readonly head: TrailHead;
      /** The last line was written and its end of line was not. */
      readonly needsNewline: boolean;
    }
  /** Bytes after the last whole line that are no line: a write that was cut short. */
  | { readonly state: 'torn'; readonly head: TrailHead; readonly keepBytes: number; readonly torn: Uint8Array }
  /** No whole line in view: not what a crash leaves. */
  | { readonly state: 'unreadable' };

export async function readTrailEnd(files: Files, path: string): Promise<TrailEnd> {
  const tail = await files.tailOwn(path, viewBytes);
  if (tail === undefined || tail.size === 0) return { state: 'whole', head: emptyTrail, needsNewline: false };
  const { bytes, size } = tail;
  const allInView = bytes.length === size;
  for (let end = bytes.length; end > 0; ) {
    const stop = bytes[end - 1] === newline ? end - 1 : end;
    const start = bytes.subarray(0, stop).lastIndexOf(newline) + 1;
    const head = start > 0 || allInView ? headOf(Buffer.from(bytes.subarray(start, stop)).toString('utf8')) : undefined;
    if (head !== undefined && end === bytes.length) return { state: 'whole', head, needsNewline: stop === end };
    if (head !== undefined) return tornAfter(head, size - bytes.length + end, bytes.subarray(end));
    end = start;
  }
  return allInView ? tornAfter(emptyTrail, 0, bytes) : { state: 'unreadable' };
}

function tornAfter(head: TrailHead, keepBytes: number, torn: Uint8Array): TrailEnd {
  return { state: 'torn', head, keepBytes, torn };
}
