// Slack's own switches: states that a real app or workspace gets into, then the other answer to what nobody has written down.
import type { SwitchDefinition } from '../switches.ts';

export const slackSwitches = [
  {
    name: 'slack-no-rotation',
    says: 'Token rotation is off: tokens without an end, from the confidential app only, or from the PKCE app too',
    takes: { kind: 'choice', choices: ['confidential', 'all'] },
  },
  {
    name: 'slack-refuses',
    says: 'every call is refused with this error: the person was deactivated, or the workspace is moving into an organisation',
    takes: { kind: 'choice', choices: ['account_inactive', 'org_login_required', 'team_added_to_org'] },
  },
  {
    name: 'slack-enterprise',
    says: 'the workspace belongs to an Enterprise organisation, whose id comes along',
    takes: { kind: 'choice', choices: ['workspace'] },
  },
  {
    name: 'slack-loopback',
    says: '127.0.0.1 is taken like localhost, or the app settings took no http redirect at all',
    takes: { kind: 'choice', choices: ['address', 'unregistered'] },
  },
  {
    name: 'slack-pkce-secret',
    says: 'a client secret from a PKCE app is ignored instead of refused',
    takes: { kind: 'choice', choices: ['ignored'] },
  },
  {
    name: 'slack-denied',
    says: 'Cancel is called back under another name than access_denied',
    takes: { kind: 'choice', choices: ['user_denied'] },
  },
  { name: 'slack-iss', says: 'the redirect carries iss', takes: { kind: 'choice', choices: ['sent'] } },
  {
    name: 'slack-dead-refresh',
    says: 'the error for a dead refresh token, whatever it died of; invalid_grant comes at status 400',
    takes: { kind: 'choice', choices: ['invalid_grant', 'token_revoked', 'token_expired', 'invalid_refresh_token'] },
  },
  {
    name: 'slack-dead-token',
    says: 'the error for a dead token at the Web API, whatever it died of',
    takes: { kind: 'choice', choices: ['invalid_auth', 'token_revoked', 'token_expired'] },
  },
  {
    name: 'slack-revoked',
    says: 'auth.revoke says ok and nothing of `revoked`',
    takes: { kind: 'choice', choices: ['absent'] },
  },
  {
    name: 'slack-auth-test',
    says: 'auth.test answers as it did before app_id, app_name and expires_in came',
    takes: { kind: 'choice', choices: ['older'] },
  },
] as const satisfies readonly SwitchDefinition[];
