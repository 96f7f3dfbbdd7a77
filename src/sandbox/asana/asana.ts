// Asana, as far as OAuth and the probing call go: what its one host answers.
// Addresses: https://developers.asana.com/docs/oauth and https://developers.asana.com/docs/openid-connect (read 2026-11)
import { authorize, consent } from '../authority/authorize.ts';
import { passTime } from '../authority/grant-ends.ts';
import type { ProviderFamily } from '../call.ts';
import { page, program } from '../routes.ts';
import { certificates, metadata, overloaded, userinfo, usersMe } from './apis.ts';
import { authorizeRule } from './authorize.ts';
import { seededApps } from './registration.ts';
import { introspect, revoke, token } from './token.ts';

export const asana: ProviderFamily = {
  name: 'asana',
  hosts: {
    'app.asana.com': [
      page(['GET'], '/-/oauth_authorize', 'authorize', (call) => authorize(call, authorizeRule(call))),
      page(['POST'], '/-/oauth_authorize', 'authorize', (call) => consent(call, authorizeRule(call))),
      program(['POST'], '/-/oauth_token', 'token', token),
      program(['POST'], '/-/oauth_revoke', 'revoke', revoke),
      program(['POST'], '/-/oauth_introspect', 'introspect', introspect),
      program(['GET'], '/api/1.0/users/me', 'users', usersMe),
      program(['GET'], '/api/1.0/openid_connect/userinfo', 'userinfo', userinfo),
      program(['GET'], '/api/1.0/openid_connect/jwks', 'certs', certificates),
      program(['GET'], '/api/1.0/.well-known/openid-configuration', 'metadata', metadata),
    ],
  },
  apps: seededApps,
  before: passTime,
  overloaded,
};
