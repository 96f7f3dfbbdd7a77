// What a decision on the consent page leads to: a code or an error, sent to the redirect address.
import type { Call, Reply } from '../call.ts';
import { redirectReply } from '../replies.ts';
import { makeSecret } from '../secrets.ts';
import { hashOf } from '../state.ts';
import type { Asked } from './authorize-request.ts';
import { allowedBefore, allowedToProject, googleState, rememberConsent } from './google-state.ts';
import { type GoogleAccount, issuer, spans } from './project.ts';
import { callbackScopes, spelledBack } from './scopes.ts';

type Members = readonly (readonly [string, string | undefined])[];

export function allow(call: Call, asked: Asked, account: GoogleAccount, ticked: readonly string[]): Reply {
  if (ticked.length === 0 || call.switched('consent-denied') !== undefined) return refuse(call, asked, 'access_denied');
  const { client } = asked;
  const earlier = asked.incremental && client.type === 'web' ? allowedToProject(call, account.sub) : [];
  const scopes = spelledBack([...ticked, ...earlier]);
  const code = makeSecret(call.random, '4/0A');
  googleState(call).codes[hashOf(code)] = {
    clientId: client.id,
    account: account.sub,
    redirectUri: asked.redirectUri,
    scopes,
    challenge: asked.challenge,
    nonce: asked.nonce,
    offline: givesRefreshToken(call, asked, account),
    expiresAt: call.at + spans.codeSeconds * 1000,
    usedAt: null,
  };
  rememberConsent(call, account.sub, client.id, scopes);
  return callBack(call, asked, [
    ['code', code],
    ['scope', callbackScopes(scopes)],
    ['authuser', '0'],
    ['prompt', asked.prompts.join(' ') || 'consent'],
  ]);
}

export function refuse(call: Call, asked: Asked, error: string): Reply {
  return callBack(call, asked, [['error', error]]);
}

/** Installed apps always get one. Web clients ask with access_type=offline, and get another only when consent is asked for again. */
function givesRefreshToken(call: Call, asked: Asked, account: GoogleAccount): boolean {
  if (asked.client.type !== 'web') return true;
  if (asked.accessType !== 'offline') return false;
  const first = allowedBefore(call, account.sub, asked.client.id) === undefined;
  return first || asked.prompts.includes('consent') || call.switched('web-refresh-token') === 'always';
}

/** `iss` (RFC 9207) and scope URIs stand unescaped in the query, and the members that nobody asked for are always there. */
function callBack(call: Call, asked: Asked, answer: Members): Reply {
  const switched = call.switched('iss-callback');
  const iss = switched === 'foreign' ? 'https://accounts.example.net' : issuer;
  const members: Members = [['state', asked.state], ['iss', switched === 'absent' ? undefined : iss], ...answer];
  const query = members.flatMap(([name, value]) => (value === undefined ? [] : `${name}=${loosely(value)}`)).join('&');
  const join = asked.redirectUri.includes('?') ? '&' : '?';
  return redirectReply(call.method === 'POST' ? 303 : 302, `${asked.redirectUri}${join}${query}`);
}

function loosely(value: string): string {
  return encodeURIComponent(value).replaceAll('%3A', ':').replaceAll('%2F', '/');
}
