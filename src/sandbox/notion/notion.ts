// Notion, as far as OAuth and the probing call go: which host answers what.
// Addresses: https://developers.notion.com/guides/get-started/authorization (read 2026-11)
import { authorize, consent } from '../authority/authorize.ts';
import { passTime } from '../authority/grant-ends.ts';
import type { ProviderFamily } from '../call.ts';
import { page, program } from '../routes.ts';
import { overloaded } from './answers.ts';
import { authorizeRule } from './authorize.ts';
import { seededApps } from './connection.ts';
import { token } from './token.ts';
import { introspect, revoke } from './token-care.ts';
import { usersMe } from './users.ts';

export const notion: ProviderFamily = {
  name: 'notion',
  hosts: {
    'api.notion.com': [
      page(['GET'], '/v1/oauth/authorize', 'authorize', (call) => authorize(call, authorizeRule)),
      page(['POST'], '/v1/oauth/authorize', 'authorize', (call) => consent(call, authorizeRule)),
      program(['POST'], '/v1/oauth/token', 'token', token),
      program(['POST'], '/v1/oauth/introspect', 'introspect', introspect),
      program(['POST'], '/v1/oauth/revoke', 'revoke', revoke),
      program(['GET'], '/v1/users/me', 'users', usersMe),
    ],
  },
  apps: seededApps,
  before: passTime,
  overloaded,
};
