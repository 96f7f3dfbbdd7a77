// What this Google remembers: codes, grants, access tokens, device codes and who consented to what. Keys are hashes.
import type { Call } from '../call.ts';
import { makeSecret } from '../secrets.ts';
import { familyState, hashOf, keepNewest } from '../state.ts';
import { type GoogleClient, spans } from './project.ts';
import { isIdentity } from './scopes.ts';

export interface CodeRecord {
  readonly clientId: string;
  readonly account: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** In S256 form, plain or not: a plain challenge is the verifier itself, and that does not go to disk. */
  readonly challenge: string | null;
  readonly nonce: string | null;
  readonly offline: boolean;
  readonly expiresAt: number;
  usedAt: number | null;
}

export interface GrantRecord {
  readonly clientId: string;
  readonly account: string;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  usedAt: number;
  readonly endsAt: number | null;
  endedAt: number | null;
}

export interface AccessRecord {
  readonly clientId: string;
  readonly account: string;
  readonly scopes: readonly string[];
  readonly offline: boolean;
  readonly expiresAt: number;
}

export interface DeviceRecord {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly userCode: string;
  readonly expiresAt: number;
  polledAt: number | null;
  polls: number;
  answer: { readonly account: string; readonly scopes: readonly string[] } | 'denied' | null;
  usedAt: number | null;
}

interface GoogleState {
  readonly codes: Record<string, CodeRecord>;
  /** By refresh token. */
  readonly grants: Record<string, GrantRecord>;
  readonly access: Record<string, AccessRecord>;
  /** By device code. */
  readonly devices: Record<string, DeviceRecord>;
  /** Scopes that an account ever allowed a client, by `ACCOUNT CLIENT`. */
  readonly consents: Record<string, readonly string[]>;
}

export function googleState(call: Call): GoogleState {
  return familyState(call.state, 'google', () => ({ codes: {}, grants: {}, access: {}, devices: {}, consents: {} }));
}

/** A refresh token that ended lately is told apart from one that never was: https://github.com/AlphaTiles/AlphaTiles/pull/107 */
const rememberedMs = 12 * 3_600_000;

export function forgetWhatIsOver(call: Call): void {
  const state = googleState(call);
  const { at } = call;
  for (const grant of Object.values(state.grants)) {
    const idleAt = grant.usedAt + spans.idleSeconds * 1000;
    const overAt = Math.min(idleAt, grant.endsAt ?? idleAt);
    if (grant.endedAt === null && overAt <= at) grant.endedAt = overAt;
  }
  keepNewest(state.codes, 200, (code) => code.expiresAt + rememberedMs < at);
  keepNewest(state.grants, 800, (grant) => grant.endedAt !== null && grant.endedAt + rememberedMs < at);
  keepNewest(state.access, 1000, (access) => access.expiresAt <= at);
  keepNewest(state.devices, 200, (device) => device.expiresAt + rememberedMs < at);
}

/** Makes a grant and hands out its refresh token; the 101st live one of an account and client ends the oldest without a word. */
export function issueGrant(
  call: Call,
  client: GoogleClient,
  account: string,
  scopes: readonly string[],
): { refreshToken: string; grant: GrantRecord } {
  const { grants } = googleState(call);
  const ends = call.peek('testing') !== undefined && !scopes.every(isIdentity);
  const grant: GrantRecord = {
    clientId: client.id,
    account,
    scopes,
    createdAt: call.at,
    usedAt: call.at,
    endsAt: ends ? call.at + spans.testingSeconds * 1000 : null,
    endedAt: null,
  };
  const refreshToken = makeSecret(call.random, '1//0');
  grants[hashOf(refreshToken)] = grant;
  const live = Object.values(grants).filter(
    (other) => other.account === account && other.clientId === client.id && other.endedAt === null,
  );
  for (const oldest of live.slice(0, Math.max(0, live.length - spans.grantsPerClient))) oldest.endedAt = call.at;
  return { refreshToken, grant };
}

export function findGrant(call: Call, refreshToken: string): GrantRecord | undefined {
  return googleState(call).grants[hashOf(refreshToken)];
}

export function issueAccess(call: Call, record: Omit<AccessRecord, 'expiresAt'>, seconds: number): string {
  const token = makeSecret(call.random, 'ya29.a0');
  googleState(call).access[hashOf(token)] = { ...record, expiresAt: call.at + seconds * 1000 };
  return token;
}

/** Undefined when the token is over, revoked or made up. */
export function findAccess(call: Call, token: string): AccessRecord | undefined {
  const record = googleState(call).access[hashOf(token)];
  return record !== undefined && record.expiresAt > call.at ? record : undefined;
}

/**
 * Revoking removes everything that the account granted to the Cloud project: every client's refresh and access tokens.
 * https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke
 */
export function endAccount(call: Call, account: string): void {
  const state = googleState(call);
  for (const grant of Object.values(state.grants)) if (grant.account === account) grant.endedAt ??= call.at;
  for (const [key, access] of Object.entries(state.access)) if (access.account === account) delete state.access[key];
  for (const key of Object.keys(state.consents)) if (key.startsWith(`${account} `)) delete state.consents[key];
}

export function allowedBefore(call: Call, account: string, clientId: string): readonly string[] | undefined {
  return googleState(call).consents[`${account} ${clientId}`];
}

export function rememberConsent(call: Call, account: string, clientId: string, scopes: readonly string[]): void {
  const before = allowedBefore(call, account, clientId) ?? [];
  googleState(call).consents[`${account} ${clientId}`] = [...new Set([...before, ...scopes])];
}

/** What the account allowed any client of the project. */
export function allowedToProject(call: Call, account: string): readonly string[] {
  const entries = Object.entries(googleState(call).consents);
  return entries.flatMap(([key, scopes]) => (key.startsWith(`${account} `) ? scopes : []));
}
