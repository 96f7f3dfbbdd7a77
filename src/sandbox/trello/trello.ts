// Trello, as far as sign-in and the probing calls go, in both of its ways: OAuth 2.0 at Atlassian, and the key and token of before.
// Addresses: https://github.com/rwjdk/trello-dotnet/wiki/OAuth-2.0 and
// https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/ (read 2026-11)
import { authorize, consent } from '../authority/authorize.ts';
import { passTime } from '../authority/grant-ends.ts';
import type { ProviderFamily } from '../call.ts';
import { page, program } from '../routes.ts';
import { overloaded } from './api-replies.ts';
import { authorizeRule } from './authorize.ts';
import { legacyAuthorize, legacyConsent } from './legacy-authorize.ts';
import { deleteToken, membersMe, tokenInfo, tokenOwner } from './members.ts';
import { seededApps } from './registration.ts';
import { revoke } from './revoke.ts';
import { token } from './token.ts';

export const trello: ProviderFamily = {
  name: 'trello',
  hosts: {
    'auth.atlassian.com': [
      page(['GET'], '/authorize', 'authorize', (call) => authorize(call, authorizeRule(call))),
      page(['POST'], '/authorize', 'authorize', (call) => consent(call, authorizeRule(call))),
      program(['POST'], '/oauth/token', 'token', token),
      program(['POST'], '/oauth/revoke', 'revoke', revoke),
    ],
    'trello.com': [
      page(['GET'], '/1/authorize', 'authorize', legacyAuthorize),
      page(['POST'], '/1/authorize', 'authorize', legacyConsent),
    ],
    'api.trello.com': [
      program(['GET'], '/1/members/me', 'members', membersMe),
      program(['GET'], '/1/tokens/:token', 'tokens', tokenInfo),
      program(['DELETE'], '/1/tokens/:token', 'revoke', deleteToken),
      program(['GET'], '/1/tokens/:token/member', 'tokens', tokenOwner),
    ],
  },
  apps: seededApps,
  before: passTime,
  overloaded,
};
