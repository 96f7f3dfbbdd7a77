// What Microsoft's answers mean. Microsoft asks clients to decide by `error` alone: numbers and texts may change.
// https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes,
// https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow (read 2026-11)
import type { AnswerRule } from '../../model/provider.ts';

export const microsoftAnswers: readonly AnswerRule[] = [
  {
    on: ['token', 'device', 'callback'],
    at: '/error',
    equals: 'interaction_required',
    means: 'person_needed',
    words:
      'a policy of the organisation wants a new sign-in, such as a second factor; the grant itself was not revoked',
  },
  {
    on: ['token', 'device', 'callback'],
    at: '/error',
    equals: 'consent_required',
    means: 'person_needed',
    words: 'a scope was not consented to, by the person or by an administrator',
  },
  {
    on: ['token'],
    at: '/error',
    equals: 'invalid_grant',
    means: 'grant_dead',
    words: 'Microsoft does not honour it any more',
  },
  {
    on: ['token', 'device'],
    at: '/error',
    equals: 'invalid_client',
    means: 'app_fault',
    words:
      'the client secret is wrong or has ended, or a public app sent one, or its redirect URI is registered as Web and wants one',
  },
  {
    on: ['token', 'device', 'callback'],
    at: '/error',
    equals: 'unauthorized_client',
    means: 'app_fault',
    words:
      'this app may not ask in this way: it is unknown to the organisation, switched off, or for other account types',
  },
  {
    on: ['token', 'callback'],
    at: '/error',
    equals: 'invalid_resource',
    means: 'app_fault',
    words: 'the scopes name an API that does not exist or is not set up in the organisation',
  },
  {
    on: ['device'],
    at: '/error',
    equals: 'bad_verification_code',
    // https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-device-code (read 2026-11)
    means: 'grant_dead',
    words: 'Microsoft does not know the device code',
  },
  {
    on: ['probe'],
    // A dead token is answered 401. https://learn.microsoft.com/en-us/graph/errors
    status: 403,
    at: '/error',
    means: 'scope_missing',
    words:
      'the token is good and this API refuses it: the scope was not granted, or an administrator of the organisation has not consented',
  },
];
