// Numbered reasons beside an error (Microsoft's AADSTS): they explain to people, and decide nothing.
// https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes (read 2026-11)
import type { ReasonCodes } from '../model/provider.ts';
import { type Answer, errorDescription, valueAt } from './answer.ts';

/** What the first known number says; undefined when none is known. */
export function reasonIn(codes: ReasonCodes | undefined, answer: Answer): string | undefined {
  if (codes === undefined) return undefined;
  const number = numbersIn(codes, answer).find((said) => Object.hasOwn(codes.words, said));
  return number === undefined ? undefined : codes.words[number];
}

function numbersIn({ at, prefix }: ReasonCodes, answer: Answer): string[] {
  const value = valueAt(answer.json, at);
  const listed = (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'number').map(String);
  const described = (errorDescription(answer) ?? '').split(prefix).slice(1);
  return [...listed, ...described.map((text) => /^\d+/.exec(text)?.[0] ?? '')];
}
