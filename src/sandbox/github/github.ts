// GitHub, as far as OAuth and the probing call go: which host answers what.
// Addresses: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps (read 2026-11)
import { authorize, consent } from '../authority/authorize.ts';
import type { ProviderFamily } from '../call.ts';
import { page, program } from '../routes.ts';
import { overloaded } from './answers.ts';
import { checkToken, deleteGrant, deleteToken, resetToken } from './applications.ts';
import { ruleFor } from './authorize.ts';
import { deviceCode, page as devicePage } from './device.ts';
import { metadata } from './metadata.ts';
import { seededApps } from './registration.ts';
import { token } from './token.ts';
import { before } from './tokens.ts';
import { user } from './user.ts';

const path = '/applications/:client/token';

export const github: ProviderFamily = {
  name: 'github',
  hosts: {
    'github.com': [
      page(['GET'], '/login/oauth/authorize', 'authorize', (call) => authorize(call, ruleFor(call))),
      page(['POST'], '/login/oauth/authorize', 'authorize', (call) => consent(call, ruleFor(call))),
      program(['POST'], '/login/oauth/access_token', 'token', token),
      program(['POST'], '/login/device/code', 'device', deviceCode),
      page(['GET', 'POST'], '/login/device', 'device', devicePage),
      program(['GET'], '/.well-known/oauth-authorization-server/login/oauth', 'metadata', metadata),
      program(['GET'], '/login/oauth/.well-known/openid-configuration', 'metadata', metadata),
    ],
    'api.github.com': [
      program(['GET'], '/user', 'user', user),
      program(['POST'], path, 'introspect', checkToken),
      program(['PATCH'], path, 'reset-token', resetToken),
      program(['DELETE'], path, 'revoke', deleteToken),
      program(['DELETE'], '/applications/:client/grant', 'revoke-grant', deleteGrant),
    ],
  },
  apps: seededApps,
  before,
  overloaded,
};
