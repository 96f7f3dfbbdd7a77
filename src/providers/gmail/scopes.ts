// Gmail's scopes and how Google classes them.
// https://developers.google.com/workspace/gmail/api/auth/scopes (classes as quoted in 2026-09)
import type { ScopeRules } from '../../model/provider.ts';
import { googleScopeRules, identityScopes } from '../google/scopes.ts';

export const scopes: ScopeRules = {
  ...googleScopeRules,
  // Least surprise for somebody who connects "gmail": mail can be read and nothing can be changed or sent. Every scope that
  // reads mail is restricted, so the app needs Google's verification before strangers may use it; for oneself and up to 100
  // people an unverified app works behind a warning page
  // (https://developers.google.com/identity/protocols/oauth2/production-readiness/restricted-scope-verification, read 2026-11).
  // `openid email` name the account: gmail.send and gmail.labels, asked alone, could not.
  default: ['openid', 'email', 'https://www.googleapis.com/auth/gmail.readonly'],
  known: {
    ...identityScopes,
    'https://mail.google.com/': { says: 'everything in the mailbox, IMAP and SMTP included', class: 'restricted' },
    'https://www.googleapis.com/auth/gmail.addons.current.action.compose': {
      says: 'drafts and sending while an add-on is open',
      class: 'plain',
    },
    'https://www.googleapis.com/auth/gmail.addons.current.message.action': {
      says: 'the open message while an add-on is used',
      class: 'plain',
    },
    'https://www.googleapis.com/auth/gmail.addons.current.message.metadata': {
      says: 'headers of the open message while an add-on runs',
      class: 'sensitive',
    },
    'https://www.googleapis.com/auth/gmail.addons.current.message.readonly': {
      says: 'the open message while an add-on runs',
      class: 'sensitive',
    },
    'https://www.googleapis.com/auth/gmail.compose': { says: 'drafts, and sending', class: 'restricted' },
    'https://www.googleapis.com/auth/gmail.insert': { says: 'putting mail into the mailbox', class: 'restricted' },
    'https://www.googleapis.com/auth/gmail.labels': { says: 'labels', class: 'plain' },
    'https://www.googleapis.com/auth/gmail.metadata': { says: 'labels and headers, no bodies', class: 'restricted' },
    'https://www.googleapis.com/auth/gmail.modify': {
      says: 'reading, writing and sending, without permanent deletion',
      class: 'restricted',
    },
    'https://www.googleapis.com/auth/gmail.readonly': { says: 'reading mail and settings', class: 'restricted' },
    'https://www.googleapis.com/auth/gmail.send': { says: 'sending only', class: 'sensitive' },
    'https://www.googleapis.com/auth/gmail.settings.basic': { says: 'settings and filters', class: 'restricted' },
    'https://www.googleapis.com/auth/gmail.settings.sharing': {
      says: 'aliases and forwarding, for Workspace administrators',
      class: 'restricted',
    },
  },
};

/** A password change ends every grant that holds one of these. https://developers.google.com/identity/protocols/oauth2#expiration (read 2026-11) */
export const gmailScopeNames = [
  'https://mail.google.com/',
  'https://www.googleapis.com/auth/gmail.addons.current.action.compose',
  'https://www.googleapis.com/auth/gmail.addons.current.message.action',
  'https://www.googleapis.com/auth/gmail.addons.current.message.metadata',
  'https://www.googleapis.com/auth/gmail.addons.current.message.readonly',
  'https://www.googleapis.com/auth/gmail.compose',
  'https://www.googleapis.com/auth/gmail.insert',
  'https://www.googleapis.com/auth/gmail.labels',
  'https://www.googleapis.com/auth/gmail.metadata',
  'https://www.googleapis.com/auth/gmail.modify',
  'https://www.googleapis.com/auth/gmail.readonly',
  'https://www.googleapis.com/auth/gmail.send',
  'https://www.googleapis.com/auth/gmail.settings.basic',
  'https://www.googleapis.com/auth/gmail.settings.sharing',
] as const;
