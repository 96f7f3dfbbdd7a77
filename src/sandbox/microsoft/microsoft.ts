// Microsoft, as far as OAuth and a few calls of Graph go: which host answers what. There is no revocation and no introspection.
// Addresses: https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc (read 2026-11)
import { passTime } from '../authority/grant-ends.ts';
import type { ProviderFamily } from '../call.ts';
import { page, program } from '../routes.ts';
import { authorize, consent } from './authorize.ts';
import { deviceCode, devicePage } from './device.ts';
import { loginHost, seededApps } from './directory.ts';
import { list, me, userinfo } from './graph.ts';
import { overloaded } from './graph-errors.ts';
import { keys, metadata } from './metadata.ts';
import { token } from './token.ts';

/** Least scope first: https://learn.microsoft.com/en-us/graph/permissions-reference */
const mailScopes = ['Mail.ReadBasic', 'Mail.Read', 'Mail.ReadWrite'];
const chatScopes = ['Chat.ReadBasic', 'Chat.Read', 'Chat.ReadWrite'];

export const microsoft: ProviderFamily = {
  name: 'microsoft',
  hosts: {
    [loginHost]: [
      page(['GET'], '/:tenant/oauth2/v2.0/authorize', 'authorize', authorize),
      page(['POST'], '/:tenant/oauth2/v2.0/authorize', 'authorize', consent),
      program(['POST'], '/:tenant/oauth2/v2.0/token', 'token', token),
      program(['POST'], '/:tenant/oauth2/v2.0/devicecode', 'device', deviceCode),
      program(['GET'], '/:tenant/v2.0/.well-known/openid-configuration', 'metadata', metadata),
      program(['GET'], '/:tenant/discovery/v2.0/keys', 'certs', keys),
    ],
    'microsoft.com': [page(['GET', 'POST'], '/devicelogin', 'device', devicePage)],
    'graph.microsoft.com': [
      program(['GET', 'POST'], '/oidc/userinfo', 'userinfo', userinfo),
      program(['GET'], '/v1.0/me', 'users', me),
      program(['GET'], '/v1.0/me/messages', 'messages', list('messages', mailScopes, { id: 'AAMkSandbox0001' })),
      program(
        ['GET'],
        '/v1.0/me/joinedTeams',
        'joined-teams',
        list('teams', ['Team.ReadBasic.All'], { displayName: 'Engines' }),
      ),
      program(['GET'], '/v1.0/me/chats', 'chats', list('chats', chatScopes, { id: '19:sandbox@thread.v2' })),
    ],
  },
  apps: seededApps,
  before: passTime,
  overloaded,
};
