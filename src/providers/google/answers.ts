// What Google's answers mean. The first row that fits wins, so the narrower stand first.
import type { AnswerRule } from '../../model/provider.ts';

const signInAgain = "the organisation's session policy wants a new sign-in; the grant itself was not revoked";
const apiOff =
  "the API is switched off in the app's Cloud project; switch it on in the console's API library, which takes a minute or two to work";
const scopeMissing = 'the granted scopes do not cover this call';
const tooManyCalls = 'too many API calls for now';
const tokenDead = 'Google no longer accepts the access token';

export const googleAnswers: readonly AnswerRule[] = [
  // Token endpoint: https://developers.google.com/identity/protocols/oauth2/native-app (read 2026-11)
  {
    on: ['token'],
    // Session control of a Workspace organisation: the grant lives on. https://support.google.com/a/answer/9368756 (the answer's own error_uri)
    at: '/error_subtype',
    equals: 'invalid_rapt',
    means: 'person_needed',
    words: signInAgain,
  },
  { on: ['token'], at: '/error_subtype', equals: 'rapt_required', means: 'person_needed', words: signInAgain },
  {
    on: ['token'],
    at: '/error',
    equals: 'invalid_grant',
    means: 'grant_dead',
    words: 'Google does not honour it any more, and gives no reason',
  },
  {
    on: ['token', 'device'],
    // https://github.com/taylorwilsdon/google_workspace_mcp/issues/1008 (2026-08)
    at: '/error_description',
    equals: 'client_secret is missing.',
    means: 'app_fault',
    words: 'Google wants the client secret, from a Desktop app too',
  },
  {
    on: ['device'],
    // https://developers.google.com/youtube/v3/live/guides/auth/devices (read 2026-11)
    at: '/error',
    equals: 'invalid_client',
    means: 'app_fault',
    words: "the client is unknown, its secret is wrong, or it is not of type 'TVs and Limited Input devices'",
  },
  {
    on: ['token'],
    at: '/error',
    equals: 'invalid_client',
    means: 'app_fault',
    words: 'Google does not know the client id, or the client secret is wrong',
  },
  {
    on: ['token', 'device'],
    // Restorable for 30 days. https://support.google.com/cloud/answer/15549257 (read 2026-09)
    at: '/error',
    equals: 'deleted_client',
    means: 'app_fault',
    words: 'the client was deleted at Google, by hand or after six months without use',
  },
  {
    on: ['token', 'device'],
    at: '/error',
    equals: 'unauthorized_client',
    means: 'app_fault',
    words: 'the token belongs to another client, or a client of this type may not ask in this way',
  },
  {
    on: ['token', 'device'],
    at: '/error',
    equals: 'admin_policy_enforced',
    means: 'admin_needed',
    words: 'an administrator of the Workspace organisation blocks the app or one of its scopes',
  },
  {
    on: ['token', 'device'],
    at: '/error',
    equals: 'org_internal',
    means: 'app_fault',
    words: 'the app is Internal and takes only accounts of its own organisation',
  },
  {
    on: ['device'],
    // The member is `error_code` here, not `error`; no public capture was found.
    at: '/error_code',
    equals: 'rate_limit_exceeded',
    means: 'rate_limited',
    words: 'too many sign-ins by device with this client for now',
  },
  // tokeninfo: `error` is in some captures and missing in others, the description is in all (2026).
  { on: ['probe'], at: '/error_description', equals: 'Invalid Value', means: 'already_dead', words: tokenDead },
  // Product APIs carry the reason in `errors`, in `details`, or in both; the place in `details` varies.
  // https://developers.google.com/workspace/drive/api/guides/handle-errors, https://cloud.google.com/apis/design/errors (read 2026-11)
  { on: ['probe'], at: '/error/errors/0/reason', equals: 'accessNotConfigured', means: 'api_disabled', words: apiOff },
  { on: ['probe'], at: '/error/details/0/reason', equals: 'SERVICE_DISABLED', means: 'api_disabled', words: apiOff },
  { on: ['probe'], at: '/error/details/1/reason', equals: 'SERVICE_DISABLED', means: 'api_disabled', words: apiOff },
  { on: ['probe'], at: '/error/details/2/reason', equals: 'SERVICE_DISABLED', means: 'api_disabled', words: apiOff },
  {
    on: ['probe'],
    at: '/error/errors/0/reason',
    equals: 'insufficientPermissions',
    means: 'scope_missing',
    words: scopeMissing,
  },
  {
    on: ['probe'],
    at: '/error/details/0/reason',
    equals: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
    means: 'scope_missing',
    words: scopeMissing,
  },
  {
    on: ['probe'],
    at: '/error/errors/0/reason',
    equals: 'domainPolicy',
    means: 'admin_needed',
    words: 'an administrator of the Workspace organisation has switched this API off for apps',
  },
  // A 403, not a 429.
  {
    on: ['probe'],
    at: '/error/errors/0/reason',
    equals: 'rateLimitExceeded',
    means: 'rate_limited',
    words: tooManyCalls,
  },
  {
    on: ['probe'],
    at: '/error/errors/0/reason',
    equals: 'userRateLimitExceeded',
    means: 'rate_limited',
    words: tooManyCalls,
  },
  {
    on: ['probe'],
    at: '/error/errors/0/reason',
    equals: 'dailyLimitExceeded',
    means: 'rate_limited',
    words: "the project's daily API quota is used up",
  },
];
