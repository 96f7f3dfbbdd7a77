// Scope rules and identity scopes of every product behind Microsoft Graph.
// https://learn.microsoft.com/en-us/entra/identity-platform/scopes-oidc (read 2026-11)
import type { ScopeFacts, ScopeRules } from '../../model/provider.ts';

export const microsoftScopeRules = {
  // Without `offline_access` no refresh token comes; `openid profile` bring the two claims that name the account.
  always: ['openid', 'profile', 'offline_access'],
  separator: { ask: ' ', answer: ' ' },
  rename: {},
  // Answers come in another order and spelling, with scopes of earlier consents beside.
  // https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-device-code (its sample, read 2026-11)
  caseless: true,
  // The prefix of Graph may be left off.
  stripPrefixes: ['https://graph.microsoft.com/'],
} satisfies Partial<ScopeRules>;

// The samples of answers have `openid profile email` in one place and leave them out in another, and never have `offline_access`.
export const identityScopes: Readonly<Record<string, ScopeFacts>> = {
  openid: { says: 'who you are, as an account number', notEchoed: true },
  profile: { says: 'your name and directory', notEchoed: true },
  email: { says: 'your e-mail address', notEchoed: true },
  offline_access: { says: 'a refresh token', notEchoed: true },
  'User.Read': { says: 'signing in, and reading your profile' },
};
