// Which of two states of one record is older. One that was made anew, by another sign-in, counts its generations from one again.
import type { JsonObject } from './json.ts';

export interface RecordState {
  /** RFC 3339 in UTC, so that the text compares; empty where the facts do not say. */
  readonly createdAt: string;
  readonly generation: number;
}

export function stateOf({
  facts,
  generation,
}: {
  readonly facts: JsonObject;
  readonly generation: number;
}): RecordState {
  return { createdAt: typeof facts.created_at === 'string' ? facts.created_at : '', generation };
}

export function isOlder(a: RecordState, b: RecordState): boolean {
  return a.createdAt === b.createdAt ? a.generation < b.generation : a.createdAt < b.createdAt;
}
