// Trello's scopes: those of OAuth 2.0, and the three of the older keys.
import type { ScopeRules } from '../../model/provider.ts';

const rules = { rename: {}, caseless: false, stripPrefixes: [] } as const;

// As Trello's own OpenAPI file has them: https://github.com/api-evangelist/trello (2026-10); the page that is to list them is
// https://developer.atlassian.com/cloud/trello/scopes-for-oauth-2-3LO-and-forge-apps/ (read 2026-11).
export const scopes: ScopeRules = {
  ...rules,
  // The smallest scope that members/me takes, which `status` asks and which names the account; boards are asked for by name:
  // --scope +read:board:trello.
  default: ['read:member:trello'],
  // Without it no refresh token comes, and the grant is over after an hour.
  // https://developer.atlassian.com/cloud/oauth/getting-started/refresh-tokens/ (read 2026-11)
  always: ['offline_access'],
  known: {
    // Unverified whether the answer lists it.
    offline_access: { says: 'access while you are away: a refresh token', notEchoed: true },
    'read:board:trello': { says: 'boards, with their lists, cards and comments' },
    'write:board:trello': { says: 'making and changing boards, lists, cards and comments' },
    'write:board:membership:trello': { says: 'who is a member of a board' },
    'read:organization:trello': { says: 'workspaces' },
    'write:organization:trello': { says: 'changing workspaces' },
    'write:organization:membership:trello': { says: 'who is a member of a workspace' },
    'read:member:trello': { says: 'your profile, and what you are a member of' },
    'write:member:trello': { says: 'changing your profile' },
    'read:enterprise:trello': { says: 'enterprises' },
    'write:enterprise:trello': { says: 'changing enterprises' },
  },
  separator: { ask: ' ', answer: ' ' },
};

// https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/ (read 2026-11)
export const legacyScopes: ScopeRules = {
  ...rules,
  // Read-only, which is also what Trello gives when nothing is asked.
  default: ['read'],
  known: {
    read: { says: 'boards, workspaces and your profile' },
    write: { says: 'changing boards and workspaces' },
    account: { says: 'your e-mail address, and changing your profile' },
  },
  separator: { ask: ',', answer: ',' },
};
