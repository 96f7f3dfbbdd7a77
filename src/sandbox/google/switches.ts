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
    name: 'api-off',
    says: 'this API is not switched on in the project',
    takes: { kind: 'choice', choices: ['both', 'gmail', 'drive'] },
  },
  { name: 'device-quota', says: 'device/code is over its quota (error_code instead of error)', takes: on },
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
