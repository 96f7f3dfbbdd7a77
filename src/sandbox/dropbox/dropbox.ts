// Dropbox, as far as OAuth and the probing calls go: which host answers what.
// Addresses: https://developers.dropbox.com/oauth-guide and https://github.com/dropbox/dropbox-api-spec (read 2026-11)
import { authorize, consent } from '../authority/authorize.ts';
import { passTime } from '../authority/grant-ends.ts';
import type { ProviderFamily, Route } from '../call.ts';
import { page, program } from '../routes.ts';
import { authorizeRule } from './authorize.ts';
import { checkApp, checkUser, currentAccount, revoke, userinfo } from './calls.ts';
import { keys, metadata } from './identity.ts';
import { seededApps } from './registration.ts';
import { overloaded } from './rpc.ts';
import { token } from './token.ts';

/** A GET is answered too: with an error. */
function rpc(path: string, place: string, handle: Route['handle']): Route {
  return program(['POST', 'GET'], path, place, handle);
}

export const dropbox: ProviderFamily = {
  name: 'dropbox',
  hosts: {
    'www.dropbox.com': [
      page(['GET'], '/oauth2/authorize', 'authorize', (call) => authorize(call, authorizeRule)),
      page(['POST'], '/oauth2/authorize', 'authorize', (call) => consent(call, authorizeRule)),
      program(['GET'], '/.well-known/openid-configuration', 'metadata', metadata),
      program(['GET'], '/.well-known/jwks', 'certs', keys),
    ],
    'api.dropboxapi.com': [
      program(['POST'], '/oauth2/token', 'token', token),
      rpc('/2/auth/token/revoke', 'revoke', revoke),
      rpc('/2/users/get_current_account', 'users', currentAccount),
      rpc('/2/openid/userinfo', 'userinfo', userinfo),
      rpc('/2/check/user', 'check', checkUser),
      rpc('/2/check/app', 'check', checkApp),
    ],
  },
  apps: seededApps,
  before: passTime,
  overloaded,
};
