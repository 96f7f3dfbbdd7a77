// Outlook mail, of organisations and of persons, as an OAuth peer: Microsoft's family and the mail API of Graph.
import type { Provider } from '../../model/provider.ts';
import { confidentialKind, microsoftFamily, microsoftTenants, publicKind } from '../microsoft/family.ts';
import { confidentialGuide, guide } from './guide.ts';
import { scopes } from './scopes.ts';

export const provider: Provider = {
  ...microsoftFamily,
  id: 'outlook',
  name: 'Outlook',
  kinds: [publicKind, { ...confidentialKind, differs: { guide: confidentialGuide } }],
  tenant: { ...microsoftTenants, default: 'common', refused: [] },
  // The portal takes the word and not the number, http for nothing else; the port is ignored and the path is not.
  // https://learn.microsoft.com/en-us/entra/identity-platform/reply-url (read 2026-11)
  redirect: { hosts: ['localhost'], ports: 'any', path: '/callback/outlook', register: 'uri' },
  scopes,
  apiProbe: {
    // The least scope is Mail.ReadBasic. https://learn.microsoft.com/en-us/graph/api/user-list-messages (as quoted in 2026)
    method: 'GET',
    url: 'https://graph.microsoft.com/v1.0/me/messages?$top=1&$select=id',
    token: 'header',
    headers: {},
    needsAnyScope: ['Mail.ReadBasic', 'Mail.Read', 'Mail.ReadWrite'],
    accountIdAt: [],
    accountNameAt: [],
    clientIdAt: [],
    scopeAt: [],
    clientAuth: false,
  },
  guide,
};
