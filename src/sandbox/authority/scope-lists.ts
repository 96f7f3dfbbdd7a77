// Lists of scopes: how they are cut and judged. Scopes are case-sensitive (RFC 6749 §3.3) unless a family says otherwise.
import type { Complaint } from './authorize-request.ts';

/** `separator`: a space by the standard, a comma at some providers. Each scope counts once. */
export function splitScopes(text: string | undefined, separator: ' ' | ',' | RegExp = ' '): string[] {
  return [...new Set((text ?? '').split(separator).filter((scope) => scope !== ''))];
}

/** The scopes when all are known, else the complaint. A wrong separator makes one scope that nobody knows. */
export function knownScopes(
  asked: readonly string[],
  isKnown: (scope: string) => boolean,
  tells: Complaint['shown'],
): readonly string[] | Complaint {
  const unknown = asked.find((scope) => !isKnown(scope));
  if (unknown === undefined) return asked;
  return { error: 'invalid_scope', words: `Unknown scope: ${unknown}`, shown: tells, slip: 'scope' };
}
