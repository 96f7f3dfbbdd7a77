// Scope rules and identity scopes of every Google product.
import type { ScopeFacts, ScopeRules } from '../../model/provider.ts';

// Asked as `email`, answered as the long name. https://developers.google.com/identity/protocols/oauth2/scopes (read 2026-11)
export const googleScopeRules = {
  separator: { ask: ' ', answer: ' ' },
  rename: {
    email: 'https://www.googleapis.com/auth/userinfo.email',
    profile: 'https://www.googleapis.com/auth/userinfo.profile',
  },
  caseless: false,
  stripPrefixes: [],
} satisfies Partial<ScopeRules>;

export const identityScopes: Readonly<Record<string, ScopeFacts>> = {
  openid: { says: 'who you are, as an account number', class: 'plain' },
  email: { says: 'your e-mail address', class: 'plain' },
  profile: { says: 'your name and picture', class: 'plain' },
};
