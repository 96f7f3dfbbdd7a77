// Google, as far as OAuth and the three probing calls go: which host answers what.
// Addresses: https://developers.google.com/identity/protocols/oauth2/native-app and the metadata documents.
import type { ProviderFamily } from '../call.ts';
import { page, program } from '../routes.ts';
import { driveAbout, gmailProfile, userinfo } from './apis.ts';
import { authorize, consent } from './authorize.ts';
import { deviceCode } from './device.ts';
import { devicePage } from './device-page.ts';
import { endAccount, forgetWhatIsOver } from './google-state.ts';
import { certificates, metadata } from './metadata.ts';
import { accounts, seededApps } from './project.ts';
import { revoke } from './revoke.ts';
import { token } from './token.ts';
import { tokeninfo } from './tokeninfo.ts';

export const google: ProviderFamily = {
  name: 'google',
  hosts: {
    'accounts.google.com': [
      program(['GET'], '/.well-known/openid-configuration', 'metadata', metadata),
      program(['GET'], '/.well-known/oauth-authorization-server', 'metadata', metadata),
      page(['GET'], '/o/oauth2/v2/auth', 'authorize', authorize),
      page(['POST'], '/signin/oauth/consent', 'authorize', consent),
    ],
    'oauth2.googleapis.com': [
      program(['POST'], '/token', 'token', token),
      program(['POST'], '/revoke', 'revoke', revoke),
      program(['GET', 'POST'], '/tokeninfo', 'tokeninfo', tokeninfo),
      program(['POST'], '/device/code', 'device', deviceCode),
    ],
    'openidconnect.googleapis.com': [program(['GET', 'POST'], '/v1/userinfo', 'userinfo', userinfo)],
    'www.googleapis.com': [
      program(['GET'], '/oauth2/v3/certs', 'certs', certificates),
      program(['GET'], '/drive/v3/about', 'drive', driveAbout),
    ],
    'gmail.googleapis.com': [program(['GET'], '/gmail/v1/users/me/profile', 'gmail', gmailProfile)],
    'www.google.com': [page(['GET', 'POST'], '/device', 'device', devicePage)],
  },
  apps: seededApps,
  before: (call) => {
    forgetWhatIsOver(call);
    if (call.switched('revoked-by-user') !== undefined) for (const { sub } of accounts) endAccount(call, sub);
  },
};
