// Microsoft's own switches: states that a directory, an app or a person gets into, then the other answer where nobody is sure.
import type { SwitchDefinition } from '../switches.ts';

const on = { kind: 'choice', choices: ['on'] } as const;

export const microsoftSwitches = [
  {
    name: 'microsoft-token-error',
    says: 'the token endpoint refuses, with this error or AADSTS number',
    takes: {
      kind: 'choice',
      choices: [
        'interaction_required',
        'consent_required',
        'temporarily_unavailable',
        '53003',
        '50173',
        '700082',
        '50196',
        '700084',
        '700016',
      ],
    },
  },
  {
    name: 'microsoft-page-error',
    says: 'signing in ends on a page with this AADSTS number (90094: an administrator must consent)',
    takes: {
      kind: 'choice',
      choices: ['90094', '90095', '65001', '53003', '530035', '50194', '700016', '7000112', '9002332'],
    },
  },
  {
    name: 'microsoft-consent',
    says: 'people of the directory cannot consent to mail, calendars and chats: an administrator must (AADSTS90094)',
    takes: { kind: 'choice', choices: ['managed'] },
  },
  {
    name: 'microsoft-public-flows',
    says: 'the app does not allow public client flows: the device flow ends in AADSTS7000218',
    takes: { kind: 'choice', choices: ['forbidden'] },
  },
  {
    name: 'microsoft-loopback',
    says: 'http://127.0.0.1 was registered too, by editing the manifest',
    takes: { kind: 'choice', choices: ['manifest'] },
  },
  {
    name: 'microsoft-revoked',
    says: 'removing the app ends access tokens too, and not only refresh tokens',
    takes: { kind: 'choice', choices: ['at-once'] },
  },
  {
    name: 'microsoft-code-life',
    says: 'a code lives ten minutes instead of one',
    takes: { kind: 'choice', choices: ['600'] },
  },
  {
    name: 'microsoft-scope-echo',
    says: 'scope repeats what was asked for, without what was granted earlier',
    takes: { kind: 'choice', choices: ['asked'] },
  },
  {
    name: 'microsoft-ext-expires-in',
    says: 'token answers have no ext_expires_in',
    takes: { kind: 'choice', choices: ['absent'] },
  },
  {
    name: 'microsoft-refresh-offline',
    says: 'a refresh that asks for scopes without offline_access brings no new refresh token',
    takes: { kind: 'choice', choices: ['needed'] },
  },
  { name: 'microsoft-suberror', says: 'errors carry suberror, and claims where a sign-in is needed', takes: on },
  {
    name: 'microsoft-pending-status',
    says: 'HTTP status of authorization_pending, slow_down and the other answers to a poll',
    takes: { kind: 'number', unit: 'status', whenLeftOut: '428' },
  },
  {
    name: 'microsoft-slow-down',
    says: 'polls in haste are told authorization_pending, or a poll in time is told slow_down',
    takes: { kind: 'choice', choices: ['unspoken', 'in-time'] },
  },
  {
    name: 'microsoft-personal-chat',
    says: 'personal accounts may consent to chats and teams, and Graph answers them',
    takes: { kind: 'choice', choices: ['allowed'] },
  },
] as const satisfies readonly SwitchDefinition[];
