// Google's own switches. The first half are states that a real project gets into; the second half give the other
// answer where sources disagree or nobody has written down what Google does.
import type { SwitchDefinition } from '../switches.ts';

const on = { kind: 'choice', choices: ['on'] } as const;

export const googleSwitches = [
  {
    name: 'testing',
    says: 'the app is in Testing: grants end after 7 days, announced in refresh_token_expires_in or not',
    takes: { kind: 'choice', choices: ['announced', 'silent'] },
  },
  {
    name: 'invalid-grant',
    says: 'a refresh is refused as if the grant were gone, or because the organisation wants a fresh sign-in (rapt)',
    takes: { kind: 'choice', choices: ['gone', 'rapt'] },
  },
  { name: 'no-refresh-token', says: 'the code is exchanged without a refresh token', takes: on },
  {
    name: 'reduced-scopes',
    says: 'the person unticks scopes that contain one of these words (left out: all but the identity)',
    takes: { kind: 'text', example: 'WORD,WORD', whenLeftOut: '' },
  },
  {
    name: 'revoked-by-user',
    says: 'the person removes the app in the account settings, now',
    takes: on,
    once: true,
  },
  { name: 'expired-secret', says: 'the client secret was deleted in the console: invalid_client', takes: on },
  { name: 'consent-denied', says: 'the person presses Cancel', takes: on },
  {
    name: 'never-calls-back',
    says: 'the browser shows this error on a page, and the redirect never comes',
    takes: {
      kind: 'choice',
      choices: [
        'admin_policy_enforced',
        'redirect_uri_mismatch',
        'org_internal',
        'deleted_client',
        'disallowed_useragent',
        'access_denied',
        'rate_limit_exceeded',
      ],
    },
  },
  {
    name: 'api-off',
    says: 'this API is not switched on in the project',
    takes: { kind: 'choice', choices: ['both', 'gmail', 'drive'] },
  },
  { name: 'device-quota', says: 'device/code is over its quota (error_code instead of error)', takes: on },
  { name: 'account', says: 'who is signed in', takes: { kind: 'choice', choices: ['grace', 'ada'] } },
  {
    name: 'expires-in',
    says: 'expires_in is left out, is a string, or is 0',
    takes: { kind: 'choice', choices: ['absent', 'string', 'zero'] },
  },
  {
    name: 'access-life',
    says: 'access tokens live for so long',
    takes: { kind: 'number', unit: 'seconds', whenLeftOut: '60' },
  },
  { name: 'extra-fields', says: 'token answers carry members that nobody knows', takes: on },
  {
    name: 'iss-callback',
    says: 'iss is missing from the redirect, or is somebody else',
    takes: { kind: 'choice', choices: ['absent', 'foreign'] },
  },
  { name: 'iss-id-token', says: 'iss of the id_token has no https://', takes: { kind: 'choice', choices: ['bare'] } },
  {
    name: 'iss-metadata',
    says: 'the metadata documents do not announce iss in the redirect',
    takes: { kind: 'choice', choices: ['silent'] },
  },
  {
    name: 'desktop-secret',
    says: 'a Desktop client may leave its secret out',
    takes: { kind: 'choice', choices: ['optional'] },
  },
  {
    name: 'tokeninfo-error',
    says: 'tokeninfo refuses a token without saying `error`',
    takes: { kind: 'choice', choices: ['absent'] },
  },
  {
    name: 'revoke-dead',
    says: 'revoking a token that is already dead succeeds',
    takes: { kind: 'choice', choices: ['accepted'] },
  },
  {
    name: 'api-off-names',
    says: 'an API that is switched off is named in the old way only, or in the new way only',
    takes: { kind: 'choice', choices: ['old', 'new'] },
  },
  {
    name: 'web-refresh-token',
    says: 'a Web client gets a refresh token at every consent, prompt=consent or not',
    takes: { kind: 'choice', choices: ['always'] },
  },
  { name: 'prompt-login', says: 'prompt=login is understood', takes: { kind: 'choice', choices: ['accepted'] } },
  {
    name: 'incremental-installed',
    says: 'include_granted_scopes from an installed app is an error page instead of being ignored',
    takes: { kind: 'choice', choices: ['refused'] },
  },
  {
    name: 'device-expired',
    says: 'a device code that is over is told by its RFC 8628 name instead of invalid_grant',
    takes: { kind: 'choice', choices: ['expired_token'] },
  },
] as const satisfies readonly SwitchDefinition[];
