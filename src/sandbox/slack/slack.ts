// Slack, as far as OAuth and the probing calls go: which host answers what.
// Addresses: https://docs.slack.dev/authentication/installing-with-oauth (read 2026-11)
import { consent } from '../authority/authorize.ts';
import { passTime } from '../authority/grant-ends.ts';
import type { ProviderFamily } from '../call.ts';
import { page, program } from '../routes.ts';
import { access } from './access.ts';
import { overloaded } from './answers.ts';
import { authorizePage, ruleFor } from './authorize.ts';
import { authRevoke, authTest } from './web-api.ts';
import { seededApps } from './workspace.ts';

export const slack: ProviderFamily = {
  name: 'slack',
  hosts: {
    'slack.com': [
      page(['GET'], '/oauth/v2/authorize', 'authorize', authorizePage),
      page(['POST'], '/oauth/v2/authorize', 'authorize', (call) => consent(call, ruleFor(call))),
      program(['POST'], '/api/oauth.v2.access', 'token', access),
      program(['GET', 'POST'], '/api/auth.test', 'auth-test', authTest),
      program(['GET', 'POST'], '/api/auth.revoke', 'revoke', authRevoke),
    ],
  },
  apps: seededApps,
  before: passTime,
  overloaded,
};
