// Cases that ask nobody: what a person registers and reads, how long a grant lives, what ends together.
import {
  checkRedirectUri,
  checkSecretRule,
  clientAuthOf,
  clientIdProblem,
  clientSecretProblem,
  kindOf,
} from '../../src/connections/app-values.ts';
import { parseConsoleFile } from '../../src/connections/console-file.ts';
import { alsoEnding } from '../../src/connections/grant-group.ts';
import { registrationGuide } from '../../src/connections/guide.ts';
import { grantEnd, isFresh } from '../../src/connections/lifetimes.ts';
import { refusalProblem } from '../../src/connections/refusals.ts';
import type { Connection } from '../../src/model/connection.ts';
import type { Provider } from '../../src/model/provider.ts';
import { readWire } from '../../src/oauth/answer.ts';
import { readAnswer } from '../../src/oauth/answers.ts';
import { json } from '../oauth/rig.ts';
import { type Case, text } from './fixture.ts';
import { heldOf, peerOf, scopesOf, secretOf } from './given.ts';
import { connectionOf, plantGrants } from './grants.ts';
import type { Happened } from './happened.ts';

const nowAt = Date.parse('2026-11-20T12:00:00Z');
const before = (seconds: number | undefined) => (seconds === undefined ? null : nowAt - seconds * 1000);

/** Rejects with what the code throws. */
export async function playAlone(whole: Provider, entry: Case): Promise<Happened> {
  const { operation, given } = entry;
  const { provider } = peerOf(whole, entry);
  switch (operation) {
    case 'app':
      return registered(whole, provider, entry);
    case 'client_id':
      return fitting(clientIdProblem(provider, given.value ?? ''));
    case 'client_secret':
      return fitting(clientSecretProblem(provider, given.value ?? ''));
    case 'console_file':
      return { fits: true, kind: parseConsoleFile(whole, JSON.stringify(given.file)).kind };
    case 'guide':
      return guided(whole, entry);
    case 'grant_end':
      return ended(provider, entry);
    case 'fresh':
      return fresh(provider, entry);
    case 'dead_grant':
      return died(provider, entry);
    case 'group':
      return endingTogether(whole, entry);
    default:
      throw new Error(`there is no operation '${operation}'`);
  }
}

function fitting(problem: string | undefined): Happened {
  return { fits: problem === undefined, words: problem ?? '' };
}

function registered(whole: Provider, provider: Provider, entry: Case): Happened {
  const { given } = entry;
  const kind = kindOf(whole, given.kind);
  const hasSecret = secretOf(entry) !== undefined;
  checkSecretRule(provider, kind, hasSecret);
  if (given.redirectUri !== undefined) checkRedirectUri(provider, kind, given.redirectUri);
  const { id, secretIsPublic, flows } = kind;
  return { fits: true, kind: id, secretIsPublic, flows, clientAuth: clientAuthOf(provider, undefined, hasSecret) };
}

function guided(whole: Provider, { given: { kind } }: Case): Happened {
  const { steps, redirectUris, redirectSays, next } = registrationGuide(whole, { kind });
  const words = [...steps.map(({ text: step, url }) => `${step} ${url ?? ''}`), redirectSays, ...next];
  return { redirectUris, words: words.join('\n') };
}

function ended(provider: Provider, { given }: Case): Happened {
  const createdAt = before(given.ageSeconds ?? 0) ?? nowAt;
  const { grantSeconds = null, accessSeconds = null } = given;
  const end = grantEnd(provider, {
    createdAt,
    refreshedAt: before(given.idleSeconds),
    grantIssuedSeconds: grantSeconds,
    accessExpiresAt: accessSeconds === null ? null : nowAt + accessSeconds * 1000,
    refreshPresent: given.refreshToken !== null,
    refreshExpiresAt: grantSeconds === null ? null : createdAt + grantSeconds * 1000,
  });
  return { endsSeconds: end.endsAt === null ? null : (end.endsAt - nowAt) / 1000, words: end.reason ?? '' };
}

function fresh(provider: Provider, entry: Case): Happened {
  const tokens = { ...heldOf(provider, entry).tokens, expiresAt: null };
  return { fresh: isFresh(tokens, before(entry.given.provedSeconds), provider.lifetimes, 60, nowAt) };
}

function died(provider: Provider, entry: Case): Happened {
  const { given } = entry;
  const scopes = scopesOf(provider, entry);
  const connection = connectionOf(provider, {
    createdAt: before(given.ageSeconds ?? 0) ?? nowAt,
    refreshedAt: before(given.idleSeconds),
    grantIssuedSeconds: given.grantSeconds ?? null,
    scopes: { asked: scopes, granted: scopes, missing: [] },
  });
  const { role } = heldOf(provider, entry);
  const error = given.error ?? 'invalid_grant';
  const url = new URL(provider.endpoints.token ?? provider.issuer);
  const answer = readWire(json(400, { error }), { url, sentAt: nowAt, secrets: [] });
  const { explained } = readAnswer(provider, 'token', answer, nowAt);
  const refusal = { role, means: 'grant_dead', error, explained, cut: null, elsewhere: null };
  return { words: refusalProblem(provider, connection, refusal, nowAt).message };
}

/** Others of the case are grants of another provider of the same group. */
async function endingTogether(whole: Provider, entry: Case): Promise<Happened> {
  const sibling = { ...whole, id: 'sibling' };
  const grants = await plantGrants([whole, sibling], { clientId: text(entry, 'client_id'), secret: secretOf(entry) });
  const store = (provider: Provider, name: string, facts: Partial<Connection>) =>
    grants.store(provider, { ...facts, name: `${provider.id}:${name}` });
  const unrefreshed = { refreshToken: { present: false, rotates: null, expiresAt: null } };
  const one = await store(whole, 'one', entry.given.refreshToken === null ? unrefreshed : {});
  for (const { name, clientId, accountId = one.account.id } of entry.given.others ?? []) {
    const own = { account: { id: accountId, name: null }, ...(clientId === undefined ? {} : { clientId }) };
    await store(sibling, name, own);
  }
  const ending = await alsoEnding(grants.workspace, one);
  return { ending: ending.map((name) => name.replace(`${sibling.id}:`, '')) };
}
