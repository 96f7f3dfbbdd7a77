// Gmail as an OAuth peer: Google's family, the Gmail API and what it says.
import type { Provider } from '../../model/provider.ts';
import { googleAnswers } from '../google/answers.ts';
import { decidedCauses, lastCause } from '../google/dead-grants.ts';
import { googleFamily, kindsGuidedBy } from '../google/family.ts';
import { guideFor } from '../google/guide.ts';
import { steps } from './guide.ts';
import { gmailScopeNames, scopes } from './scopes.ts';

export const provider: Provider = {
  ...googleFamily,
  kinds: kindsGuidedBy(steps),
  id: 'gmail',
  name: 'Gmail',
  // Any port on the loopback literal, nothing to register; paths are taken too.
  // https://developers.google.com/identity/protocols/oauth2/native-app (read 2026-11)
  redirect: { hosts: ['127.0.0.1'], ports: 'any', path: '/callback/gmail', register: 'none' },
  scopes,
  answers: [
    {
      on: ['probe'],
      // https://github.com/FlowCrypt/flowcrypt-browser/issues/435 (body quoted there)
      at: '/error/message',
      equals: 'Mail service not enabled',
      means: 'person_needed',
      words: 'this Google account has no Gmail mailbox: sign in with one that has',
    },
    ...googleAnswers,
  ],
  deadGrantCauses: [
    ...decidedCauses,
    {
      when: { is: 'has_scope', scopes: gmailScopeNames },
      words:
        "the account's password was changed (that ends every grant with a Gmail scope), or access was removed at https://myaccount.google.com/permissions",
    },
    lastCause,
  ],
  apiProbe: {
    // https://developers.google.com/workspace/gmail/api/reference/rest/v1/users/getProfile (read 2026-11)
    method: 'GET',
    url: 'https://gmail.googleapis.com/gmail/v1/users/me/profile',
    token: 'header',
    headers: {},
    needsAnyScope: [
      'https://mail.google.com/',
      'https://www.googleapis.com/auth/gmail.modify',
      'https://www.googleapis.com/auth/gmail.compose',
      'https://www.googleapis.com/auth/gmail.readonly',
      'https://www.googleapis.com/auth/gmail.metadata',
    ],
    accountIdAt: [],
    accountNameAt: ['/emailAddress'],
    clientIdAt: [],
    scopeAt: [],
    clientAuth: false,
  },
  constraints: [
    {
      flow: 'device',
      anyScope: gmailScopeNames,
      // https://developers.google.com/identity/protocols/oauth2/limited-input-device#allowedscopes (read 2026-10)
      words:
        'Google gives no Gmail scope to the device flow: sign in by browser with a Desktop app, over SSH with --paste',
      hint: 'oauthctl connect gmail',
    },
  ],
  apiOrigins: ['https://gmail.googleapis.com', 'https://openidconnect.googleapis.com'],
  guide: guideFor(steps, 'desktop'),
};
