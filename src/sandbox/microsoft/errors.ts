// AADSTS numbers, and the JSON and pages that carry them. The numbers are hints for people; programs go by `error`.
// https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes (read 2026-11); words are the sandbox's own.
import type { JsonObject } from '../../model/json.ts';
import { errorPage } from '../authority/pages.ts';
import type { Call, Reply } from '../call.ts';
import { oauthError } from '../replies.ts';

const meanings = {
  '50011': ['invalid_request', 'The redirect address in the request is not registered for the app'],
  '50020': ['invalid_grant', 'The account does not exist in this tenant'],
  '50058': ['login_required', 'Nobody is signed in, and no page may be shown'],
  '50076': ['interaction_required', 'The user must use multi-factor authentication'],
  '50173': ['invalid_grant', "The user's tokens were revoked; a fresh sign-in is needed"],
  '50194': ['invalid_request', 'The app is registered for a single tenant and cannot be used at /common'],
  '50196': ['invalid_grant', 'The server ended a client request loop: the same request came too often'],
  '53003': ['invalid_grant', 'Access has been blocked by Conditional Access policies'],
  '54005': ['invalid_grant', 'The code was already redeemed'],
  '65001': ['consent_required', 'The user or an administrator has not consented to use the app'],
  '65004': ['access_denied', 'The user declined to consent to the app'],
  '70000': ['invalid_grant', 'The provided grant is invalid'],
  '70003': ['unsupported_grant_type', 'The grant_type is not supported'],
  '70008': ['invalid_grant', 'The code has expired'],
  '70011': ['invalid_scope', 'The value of scope is not valid'],
  '70016': ['authorization_pending', 'The user has not yet answered on the other device'],
  '70018': ['bad_verification_code', 'The device code is not known'],
  '70019': ['expired_token', 'The device code has expired'],
  '70043': ['invalid_grant', 'The refresh token has ended because of sign-in frequency checks'],
  '90002': ['invalid_request', 'The tenant was not found'],
  '90023': ['invalid_request', 'A parameter is missing or has a value that is not supported'],
  '90055': ['temporarily_unavailable', 'Too many requests for this tenant'],
  '90094': ['access_denied', 'Need admin approval: only an administrator can consent to what the app asks for'],
  '90095': ['access_denied', 'Need admin approval: a request was or can be sent to the administrators'],
  '500112': ['invalid_grant', 'The redirect address is not the one that the code was asked with'],
  '501481': ['invalid_grant', 'The code_verifier does not match the code_challenge'],
  '530035': ['access_denied', 'Access has been blocked by security defaults'],
  '650053': ['invalid_scope', 'The app asked for a scope that does not exist'],
  '700005': ['invalid_grant', 'The code is for another tenant'],
  '700016': ['unauthorized_client', 'The app was not found in the directory'],
  '700022': ['invalid_scope', 'scope holds more than one resource'],
  '700025': ['invalid_client', 'The client is public, so neither a secret nor an assertion may be presented'],
  '700051': ['unsupported_response_type', 'The response_type is not enabled for the app'],
  '700082': ['invalid_grant', 'The refresh token has ended: it was not used for 90.00:00:00'],
  '700084': ['invalid_grant', 'The refresh token was issued to a single page app and has ended after 1.00:00:00'],
  '900144': ['invalid_request', 'The request must contain one more parameter'],
  '7000112': ['unauthorized_client', 'The app is disabled'],
  '7000215': ['invalid_client', 'Invalid client secret: send the value of the secret and not its id'],
  '7000218': ['invalid_client', 'The request must contain client_secret or client_assertion'],
  '7000222': ['invalid_client', 'The client secret has expired'],
  '9002332': ['invalid_request', 'The app is for Microsoft Entra accounts only and cannot be used at /consumers'],
} as const satisfies Readonly<Record<string, readonly [error: string, words: string]>>;

export type Aadsts = keyof typeof meanings;

export function wordsOf(number: Aadsts): string {
  return meanings[number][1];
}

/** `AADSTSnnnnn: …` and three lines for the support desk. */
function describe(call: Call, number: Aadsts, words: string) {
  const trace_id = makeGuid(call);
  const correlation_id = makeGuid(call);
  const timestamp = `${new Date(call.at).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const lines = [
    `AADSTS${number}: ${words}.`,
    `Trace ID: ${trace_id}`,
    `Correlation ID: ${correlation_id}`,
    `Timestamp: ${timestamp}`,
  ];
  return { error_description: lines.join('\r\n'), timestamp, trace_id, correlation_id };
}

export function errorDescription(call: Call, number: Aadsts, words: string = wordsOf(number)): string {
  return describe(call, number, words).error_description;
}

export interface Said {
  /** Left out: 401 for a client that is not let in, else 400. */
  readonly status?: number;
  readonly error?: string;
  readonly words?: string;
}

export function aadError(call: Call, number: Aadsts, said: Said = {}): Reply {
  const { error = meanings[number][0], words = wordsOf(number) } = said;
  const { error_description, ...facts } = describe(call, number, words);
  return oauthError(said.status ?? (error === 'invalid_client' ? 401 : 400), error, error_description, {
    error_codes: [Number(number)],
    ...facts,
    error_uri: `https://login.microsoftonline.com/error?code=${number}`,
    ...suberror(call, number),
  });
}

/** Seen, but unverified. */
function suberror(call: Call, number: Aadsts): JsonObject {
  if (call.switched('microsoft-suberror') === undefined) return {};
  if (number === '65001') return { suberror: 'consent_required' };
  if (number !== '50076' && number !== '53003') return { suberror: 'bad_token' };
  const claims = JSON.stringify({ access_token: { capolids: { essential: true, values: [makeGuid(call)] } } });
  return { suberror: 'basic_action', claims };
}

/** The person sees it, and the client hears nothing. */
export function aadPage(number: Aadsts): Reply {
  return errorPage({ error: `AADSTS${number}`, status: 400, words: `${wordsOf(number)}.` });
}

export function makeGuid(call: Call): string {
  const hex = Buffer.from(call.random.bytes(16)).toString('hex');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
}
