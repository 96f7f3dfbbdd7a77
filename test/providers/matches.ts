// One expectation of a fixture against what is there.
import type { Json } from '../../src/model/json.ts';
import { asText, type Matcher } from './fixture.ts';

/** Absent members match `null`. Words are compared as sets. */
export function matches(matcher: Matcher, actual: Json | undefined): boolean {
  if (matcher === null) return actual === undefined || actual === null;
  if (typeof matcher !== 'object') return actual === matcher;
  const said = typeof actual === 'string' ? actual : JSON.stringify(actual ?? null);
  const words = Array.isArray(actual) ? actual.map(String) : asText(actual ?? '').split(' ');
  if ('matches' in matcher) return actual !== undefined && new RegExp(matcher.matches).test(said);
  if ('not' in matcher) return !new RegExp(matcher.not).test(said);
  if ('between' in matcher)
    return typeof actual === 'number' && actual >= matcher.between[0] && actual <= matcher.between[1];
  if ('hasWords' in matcher) return matcher.hasWords.every((word) => words.includes(word));
  return [...matcher.words].sort().join(' ') === [...words].sort().join(' ');
}
