// Microsoft Teams as an OAuth peer: Microsoft's family, without personal accounts, and the Teams API of Graph.
import type { Provider } from '../../model/provider.ts';
import {
  confidentialKind,
  microsoftFamily,
  microsoftTenants,
  personalTenant,
  publicKind,
} from '../microsoft/family.ts';
import { confidentialGuide, guide } from './guide.ts';
import { scopes } from './scopes.ts';

// https://learn.microsoft.com/en-us/graph/permissions-reference (an undated copy)
const nothingForPersons = 'Teams gives its API to work and school accounts only, not to personal ones';

export const provider: Provider = {
  ...microsoftFamily,
  id: 'teams',
  name: 'Microsoft Teams',
  kinds: [publicKind, { ...confidentialKind, differs: { guide: confidentialGuide } }],
  tenant: {
    ...microsoftTenants,
    default: 'organizations',
    refused: [
      { tenant: 'common', says: `${nothingForPersons}, and 'common' signs both in` },
      { tenant: 'consumers', says: nothingForPersons },
      { tenant: personalTenant, says: `${nothingForPersons}, and this is the directory of the personal ones` },
    ],
  },
  // The portal takes the word and not the number, http for nothing else; the port is ignored and the path is not.
  // https://learn.microsoft.com/en-us/entra/identity-platform/reply-url (read 2026-11)
  redirect: { hosts: ['localhost'], ports: 'any', path: '/callback/teams', register: 'uri' },
  scopes,
  apiProbe: {
    // Unverified: that this is the cheapest. https://learn.microsoft.com/en-us/graph/api/user-list-joinedteams
    method: 'GET',
    url: 'https://graph.microsoft.com/v1.0/me/joinedTeams',
    token: 'header',
    headers: {},
    needsAnyScope: ['Team.ReadBasic.All'],
    accountIdAt: [],
    accountNameAt: [],
    clientIdAt: [],
    scopeAt: [],
    clientAuth: false,
  },
  guide,
};
