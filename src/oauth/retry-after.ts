// How long a server asks to wait, wherever it says so.
import type { AnswerRule } from '../model/provider.ts';
import { type Answer, valueAt } from './answer.ts';

const longestPauseSeconds = 86_400;

/** Seconds; undefined when nothing is said. `elsewhere`: where this provider says it when Retry-After is missing. */
export function pauseOf(answer: Answer, elsewhere: AnswerRule['retryAfter'], nowAt: number): number | undefined {
  const seconds = inRetryAfter(answer, nowAt) ?? (elsewhere && saidElsewhere(answer, elsewhere, nowAt));
  return seconds !== undefined && seconds >= 0 ? Math.min(seconds, longestPauseSeconds) : undefined;
}

/** RFC 9110 §10.2.3: seconds or a date. A date is measured by the server's own clock, since ours may be off. */
function inRetryAfter({ headers, serverAt }: Answer, nowAt: number): number | undefined {
  const text = headers['retry-after']?.trim() ?? '';
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Math.ceil((Date.parse(text) - (serverAt ?? nowAt)) / 1000);
  return seconds >= 0 ? seconds : undefined;
}

function saidElsewhere(
  { json, headers, serverAt }: Answer,
  elsewhere: NonNullable<AnswerRule['retryAfter']>,
  nowAt: number,
): number | undefined {
  if ('seconds' in elsewhere) return elsewhere.seconds;
  if ('at' in elsewhere) {
    const value = valueAt(json, elsewhere.at);
    const isSaid = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
    return isSaid && Number.isFinite(Number(value)) ? Math.ceil(Number(value)) : undefined;
  }
  const epoch = headers[elsewhere.epochIn] ?? '';
  return /^\d{9,11}$/.test(epoch) ? Math.max(0, Math.ceil(Number(epoch) - (serverAt ?? nowAt) / 1000)) : undefined;
}
