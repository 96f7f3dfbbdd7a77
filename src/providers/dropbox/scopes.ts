// Dropbox's scopes. https://developers.dropbox.com/oauth-guide (2026-09-26, read 2026-11); the full list stands on the app's
// Permissions tab (unverified here).
import type { ScopeRules } from '../../model/provider.ts';

export const scopes: ScopeRules = {
  // What get_current_account takes, which `status` asks. Without any scope Dropbox gives all that are ticked for the app.
  default: ['account_info.read'],
  known: {
    'account_info.read': { says: 'your name, e-mail address and country' },
    'account_info.write': { says: 'changing your account, such as its picture' },
    'contacts.read': { says: 'your contacts' },
    'contacts.write': { says: 'changing your contacts' },
    'file_requests.read': { says: 'file requests' },
    'file_requests.write': { says: 'making and changing file requests' },
    'files.content.read': { says: 'what is in files' },
    'files.content.write': { says: 'making, changing, moving and deleting files' },
    'files.metadata.read': { says: 'names, sizes and dates of files and folders' },
    'files.metadata.write': { says: 'changing properties and tags of files' },
    'sharing.read': { says: 'shared links, and who has access' },
    'sharing.write': { says: 'sharing, and taking it back' },
    'team_info.read': { says: 'a team and its settings, for a token of the whole team' },
    'members.read': { says: 'the members of a team, for a token of the whole team' },
    'team_data.member': { says: "what is in the members' accounts, for a token of the whole team" },
    openid: { says: 'who you are, as an account number' },
    email: { says: 'your e-mail address' },
    profile: { says: 'your name' },
  },
  separator: { ask: ' ', answer: ' ' },
  rename: {},
  caseless: false,
  stripPrefixes: [],
};
