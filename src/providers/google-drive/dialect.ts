// Google Drive as an OAuth peer: Google's family, the Drive API and what it says.
import type { Provider } from '../../model/provider.ts';
import { decidedCauses, lastCause } from '../google/dead-grants.ts';
import { googleFamily, kindsGuidedBy } from '../google/family.ts';
import { guideFor } from '../google/guide.ts';
import { steps } from './guide.ts';
import { scopes } from './scopes.ts';

export const provider: Provider = {
  ...googleFamily,
  kinds: kindsGuidedBy(steps),
  id: 'google-drive',
  name: 'Google Drive',
  // Any port on the loopback literal, nothing to register; paths are taken too.
  // https://developers.google.com/identity/protocols/oauth2/native-app (read 2026-11)
  redirect: { hosts: ['127.0.0.1'], ports: 'any', path: '/callback/google-drive', register: 'none' },
  scopes,
  deadGrantCauses: [...decidedCauses, lastCause],
  apiProbe: {
    // `fields` is mandatory. https://developers.google.com/workspace/drive/api/reference/rest/v3/about/get (read 2026-11)
    method: 'GET',
    url: 'https://www.googleapis.com/drive/v3/about?fields=user',
    token: 'header',
    headers: {},
    needsAnyScope: [
      'https://www.googleapis.com/auth/drive',
      'https://www.googleapis.com/auth/drive.appdata',
      'https://www.googleapis.com/auth/drive.file',
      'https://www.googleapis.com/auth/drive.metadata',
      'https://www.googleapis.com/auth/drive.metadata.readonly',
      'https://www.googleapis.com/auth/drive.photos.readonly',
      'https://www.googleapis.com/auth/drive.readonly',
    ],
    accountIdAt: [],
    accountNameAt: ['/user/emailAddress', '/user/displayName'],
    clientIdAt: [],
    scopeAt: [],
    clientAuth: false,
  },
  constraints: [
    {
      flow: 'device',
      anyScope: [
        'https://www.googleapis.com/auth/drive',
        'https://www.googleapis.com/auth/drive.activity',
        'https://www.googleapis.com/auth/drive.activity.readonly',
        'https://www.googleapis.com/auth/drive.apps.readonly',
        'https://www.googleapis.com/auth/drive.install',
        'https://www.googleapis.com/auth/drive.meet.readonly',
        'https://www.googleapis.com/auth/drive.metadata',
        'https://www.googleapis.com/auth/drive.metadata.readonly',
        'https://www.googleapis.com/auth/drive.photos.readonly',
        'https://www.googleapis.com/auth/drive.readonly',
        'https://www.googleapis.com/auth/drive.scripts',
      ],
      // https://developers.google.com/identity/protocols/oauth2/limited-input-device#allowedscopes (read 2026-10)
      words:
        'of Drive, Google gives only drive.file and drive.appdata to the device flow: sign in by browser with a Desktop app, over SSH with --paste',
      hint: 'oauthctl connect google-drive',
    },
    {
      flow: 'device',
      kind: 'desktop',
      // https://developers.google.com/youtube/v3/live/guides/auth/devices (read 2026-11)
      words:
        "Google's device flow wants a client of type 'TVs and Limited Input devices', and this app is a Desktop one",
      hint: 'oauthctl app set google-drive --name tv --kind tv, then connect with --app tv --device',
    },
  ],
  apiOrigins: ['https://www.googleapis.com', 'https://openidconnect.googleapis.com'],
  guide: guideFor(steps, 'desktop'),
};
