// Authorization codes: good once, for a short time, for one client, one redirect address and one verifier (RFC 6749 §4.1.3).
import type { Call } from '../call.ts';
import { makeSecret } from '../secrets.ts';
import { hashOf } from '../state.ts';
import { type Allowed, authorityState, type CodeRecord } from './authority-state.ts';
import { type VerifierComplaint, verifierComplaint } from './pkce.ts';

export interface CodeSpan {
  readonly prefix: string;
  readonly seconds: number;
}

export function issueCode(
  call: Call,
  code: Omit<CodeRecord, 'expiresAt' | 'usedAt'>,
  { prefix, seconds }: CodeSpan,
): string {
  const text = makeSecret(call.random, prefix);
  authorityState(call).codes[hashOf(text)] = { ...code, expiresAt: call.at + seconds * 1000, usedAt: null };
  return text;
}

export interface SentCode {
  readonly code: string | undefined;
  readonly clientId: string;
  readonly redirectUri: string | undefined;
  readonly verifier: string | undefined;
}

export type CodeRefusal =
  | 'code_missing'
  | 'unknown'
  | 'code_replayed'
  | 'expired'
  | 'code_of_another'
  | 'redirect_differs'
  | VerifierComplaint;

export type RedeemedCode =
  | { readonly ok: true; readonly allowed: Allowed }
  | { readonly ok: false; readonly why: CodeRefusal };

const slips: Readonly<Partial<Record<CodeRefusal, string>>> = {
  code_missing: 'an exchange without a code',
  code_replayed: 'a code was sent a second time',
  code_of_another: "another client's code",
  redirect_differs: 'redirect_uri is not, byte for byte, the one that the code was asked with',
  verifier_missing: 'a code that was asked with a challenge came without code_verifier',
  verifier_unwanted: 'a code_verifier for a code that was asked without a challenge',
  verifier_wrong: 'the code_verifier does not fit the challenge',
};

/** Uses the code up, whatever comes of it. An old or unknown one is nobody's slip: people are slow, and paste. */
export function redeemCode(call: Call, sent: SentCode): RedeemedCode {
  const refused = (why: CodeRefusal): RedeemedCode => {
    const says = slips[why];
    if (says !== undefined) call.violation(why.startsWith('verifier') ? 'verifier' : why, says);
    return { ok: false, why };
  };
  if (sent.code === undefined) return refused('code_missing');
  const record = authorityState(call).codes[hashOf(sent.code)];
  if (record === undefined) return refused('unknown');
  const why = complaint(call, sent, record);
  record.usedAt ??= call.at;
  return why === undefined ? { ok: true, allowed: record } : refused(why);
}

function complaint(call: Call, sent: SentCode, record: CodeRecord): CodeRefusal | undefined {
  if (record.usedAt !== null) return 'code_replayed';
  if (record.expiresAt <= call.at) return 'expired';
  if (record.clientId !== sent.clientId) return 'code_of_another';
  if (record.redirectUri !== (sent.redirectUri ?? null)) return 'redirect_differs';
  return verifierComplaint(record.challenge, sent.verifier);
}
