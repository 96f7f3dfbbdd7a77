// Who calls Trello's API: an OAuth 2.0 token as a bearer, or a key and its token in an OAuth header (or, noted, in the query).
// https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/ (read 2026-11)
import type { AccessRecord, GrantRecord } from '../authority/authority-state.ts';
import { judgeAccess, readBearer } from '../authority/bearer.ts';
import type { Call, Reply } from '../call.ts';
import { apiError, bearerError } from './api-replies.ts';
import { clients, keys } from './registration.ts';

export interface Caller {
  readonly access: AccessRecord;
  readonly grant: GrantRecord;
  readonly grantId: string;
}

type Found<T> = T | { readonly reply: Reply };

export function readCaller(call: Call): Found<Caller> {
  return /^bearer /i.test(call.headers.authorization ?? '') ? readBearerCaller(call) : readKeyCaller(call);
}

function readBearerCaller(call: Call): Found<Caller> {
  noteTokenInUrl(call);
  if (call.query.get('key') !== undefined) call.violation('key_unwanted', 'a key beside a bearer token');
  const judged = judgeAccess(call, readBearer(call));
  const refused = { reply: bearerError(call, 401, 'invalid token') };
  if (!judged.ok) return refused;
  if (judged.grant.more.legacy !== true) return judged;
  call.violation('wrong_scheme', 'the token of a key came as a bearer token');
  return refused;
}

function readKeyCaller(call: Call): Found<Caller> {
  noteTokenInUrl(call);
  const { key, token } = readPair(call);
  const complaint = keyComplaint(call, key);
  return complaint === undefined ? judgeToken(call, key, token) : { reply: complaint };
}

function noteTokenInUrl(call: Call): void {
  if (call.query.get('token') !== undefined)
    call.violation('secret_in_url', 'token in the URL, where logs keep it: the Authorization header takes it');
}

interface Pair {
  readonly key: string | undefined;
  readonly token: string | undefined;
}

/** `OAuth oauth_consumer_key="…", oauth_token="…"` (RFC 5849 §3.5.1), else the query. */
export function readPair(call: Call): Pair {
  const header = /^oauth +(.+)$/i.exec(call.headers.authorization ?? '')?.[1];
  if (header === undefined) return { key: call.query.get('key'), token: call.query.get('token') };
  const value = (name: string) => {
    const found = new RegExp(`(?:^|[ ,])${name}="([^"]*)"`).exec(header)?.[1];
    return found === '' ? undefined : found;
  };
  return { key: value('oauth_consumer_key'), token: value('oauth_token') };
}

/** OAuth 2.0 client ids are no keys, and sources disagree on what they are told: https://github.com/ln5freetom/trello-oauth2 */
export function keyComplaint(call: Call, key: string | undefined): Reply | undefined {
  if (key === undefined) call.violation('key_missing', 'neither a bearer token nor a key');
  if (keys.some(({ id }) => id === key)) return undefined;
  const foreign = clients.some(({ id }) => id === key) && call.switched('trello-foreign-key') === '404';
  return foreign ? apiError(call, 404, 'Not Found') : apiError(call, 401, 'invalid key');
}

/** A token belongs to the key that asked for it: https://docs.sim.ai/integrations/trello-service-account.md */
export function judgeToken(call: Call, key: string | undefined, token: string | undefined): Found<Caller> {
  const judged = judgeAccess(call, token);
  const refused = { reply: apiError(call, 401, 'invalid token') };
  if (!judged.ok) return refused;
  if (judged.grant.clientId === key) return judged;
  call.violation('token_of_another', 'a token with a key that did not ask for it');
  return refused;
}
