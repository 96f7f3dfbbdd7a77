// Outlook's scopes (https://learn.microsoft.com/en-us/graph/permissions-reference), and who can consent to them.
// "Let Microsoft manage your consent settings", the default of new organisations, leaves the blocked ones to administrators:
// https://learn.microsoft.com/en-us/entra/identity/enterprise-apps/manage-app-consent-policies (read 2026-11)
import type { ScopeRules } from '../../model/provider.ts';
import { identityScopes, microsoftScopeRules } from '../microsoft/scopes.ts';

export const scopes: ScopeRules = {
  ...microsoftScopeRules,
  // Mail can be read and nothing can be changed or sent. There is no mail scope that every organisation lets its people
  // consent to; personal accounts can (as quoted in 2026).
  default: ['User.Read', 'Mail.Read'],
  known: {
    ...identityScopes,
    'Mail.ReadBasic': { says: 'who wrote to whom and when, no bodies', consent: 'blocked-by-default' },
    'Mail.Read': { says: 'reading mail', consent: 'blocked-by-default' },
    'Mail.ReadWrite': { says: 'reading, writing and deleting mail, no sending', consent: 'blocked-by-default' },
    // Not on the list; unverified: personal accounts.
    'Mail.Send': { says: 'sending mail' },
    // Unverified from here on: that no administrator is needed beside the list.
    'MailboxSettings.Read': { says: 'settings of the mailbox', consent: 'blocked-by-default' },
    'MailboxSettings.ReadWrite': { says: 'settings of the mailbox, and changing them', consent: 'blocked-by-default' },
    'Calendars.Read': { says: 'reading calendars', consent: 'blocked-by-default' },
    'Calendars.ReadWrite': { says: 'reading and changing calendars', consent: 'blocked-by-default' },
    'Contacts.ReadWrite': { says: 'reading and changing contacts', consent: 'blocked-by-default' },
    'Tasks.Read': { says: 'reading tasks', consent: 'blocked-by-default' },
    'Tasks.ReadWrite': { says: 'reading and changing tasks', consent: 'blocked-by-default' },
  },
};
