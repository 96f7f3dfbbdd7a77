// Teams' scopes, and who can consent to them. None works with a personal account.
// https://learn.microsoft.com/en-us/graph/permissions-reference (an undated copy); the blocked ones:
// https://learn.microsoft.com/en-us/entra/identity/enterprise-apps/manage-app-consent-policies (read 2026-11)
import type { ScopeRules } from '../../model/provider.ts';
import { identityScopes, microsoftScopeRules } from '../microsoft/scopes.ts';

export const scopes: ScopeRules = {
  ...microsoftScopeRules,
  // Names of teams, channels and chats, no messages: what people can consent to by themselves where the organisation lets
  // them. Reading chats is Chat.Read, which most organisations keep for their administrators.
  default: ['User.Read', 'Team.ReadBasic.All', 'Channel.ReadBasic.All', 'Chat.ReadBasic'],
  known: {
    ...identityScopes,
    // Unverified: that no administrator is needed.
    'Team.ReadBasic.All': { says: 'names and descriptions of teams' },
    'Channel.ReadBasic.All': { says: 'names and descriptions of channels' },
    'ChannelMessage.Read.All': { says: 'messages in channels', consent: 'admin' },
    'ChannelMessage.Send': { says: 'sending messages to channels' },
    // Unverified: that no administrator is needed.
    'Chat.ReadBasic': { says: 'names and members of chats, no messages' },
    'Chat.Read': { says: 'reading chats', consent: 'blocked-by-default' },
    'Chat.ReadWrite': { says: 'reading chats, and sending to them', consent: 'blocked-by-default' },
    // Unverified: that no administrator is needed beside the list.
    'OnlineMeetings.Read': { says: 'details of online meetings', consent: 'blocked-by-default' },
    'OnlineMeetings.ReadWrite': { says: 'details of online meetings, and making them', consent: 'blocked-by-default' },
  },
};
