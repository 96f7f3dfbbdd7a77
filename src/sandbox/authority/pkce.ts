// Proof Key for Code Exchange: RFC 7636.
import { createHash } from 'node:crypto';
import type { Params } from '../params.ts';

/** §4.1: 43 to 128 unreserved characters. */
const verifierShape = /^[A-Za-z0-9._~-]{43,128}$/;

export function isVerifier(text: string): boolean {
  return verifierShape.test(text);
}

function hashedVerifier(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

/** The challenge in S256 form: a plain one is the verifier itself, and that does not go to disk. A missing method means plain (§4.3). */
export function storedChallenge(params: Params): string | null {
  const challenge = params.get('code_challenge');
  if (challenge === undefined) return null;
  return params.get('code_challenge_method') === 'S256' ? challenge : hashedVerifier(challenge);
}

export type VerifierComplaint = 'verifier_missing' | 'verifier_unwanted' | 'verifier_wrong';

/** §4.6. One comparison serves both methods, see `storedChallenge`. */
export function verifierComplaint(
  challenge: string | null,
  verifier: string | undefined,
): VerifierComplaint | undefined {
  if (challenge === null) return verifier === undefined ? undefined : 'verifier_unwanted';
  if (verifier === undefined) return 'verifier_missing';
  return hashedVerifier(verifier) === challenge ? undefined : 'verifier_wrong';
}
