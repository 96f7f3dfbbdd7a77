// An app as people see it: where a sign-in comes back to when the app names no address of its own.
import { expect, test } from 'vitest';
import type { App } from '../../src/model/app.ts';
import { provider } from '../../src/providers/gmail/dialect.ts';
import { appFacts } from '../../src/ui/show-app.ts';

test.each([
  ['desktop', 'on this machine'],
  ['web', 'none yet: your own https address'],
  ['tv', 'none: a code is typed'],
  ['forgotten', 'on this machine'],
])('the redirect URI of a %s app is %s', (id, shown) => {
  const app: App = {
    provider: 'gmail',
    name: 'default',
    kind: id,
    clientId: 'id',
    clientAuth: 'post',
    redirectUri: null,
    tenant: null,
    hasSecret: true,
    source: 'stored',
    createdAt: 0,
  };
  const kind = provider.kinds.find((candidate) => candidate.id === id);
  const redirect = appFacts(app, kind, 0).find(({ name }) => name === 'redirect URI');
  expect(redirect?.cell).toMatchObject({ text: '', shown });
});
