// What exists at this make-believe Slack: two apps, one workspace, two people and a bot, and what the tokens are like.
// https://docs.slack.dev/authentication/using-token-rotation (read 2026-11)
import { type AuthorityClient, registeredLoopbacks, seededApp } from '../authority/clients.ts';
import type { TokenRule } from '../authority/grants.ts';
import type { Call } from '../call.ts';

export const clients: readonly AuthorityClient[] = [
  {
    // PKCE is a setting of the app, and makes it a public client: https://docs.slack.dev/authentication/using-pkce
    kind: 'pkce',
    id: '8252000000001.8252000000011',
    secret: undefined,
    redirectUris: registeredLoopbacks('localhost', '/callback/slack'),
  },
  {
    kind: 'confidential',
    id: '8252000000001.8252000000012',
    secret: '5a4db0c55a4db0c55a4db0c55a4db0c5',
    redirectUris: ['https://app.example.com/callback/slack'],
  },
];

export const appId = 'A0SANDBOX01';
export const team = { id: 'T0SANDBOX01', name: 'Analytical Engines' } as const;
export const enterprise = { id: 'E0SANDBOX01', name: 'Engines United' } as const;
export const bot = { id: 'B0SANDBOX01', userId: 'U0SANDBOXBT', name: 'oauthctl' } as const;

const userIds: Readonly<Record<string, string>> = { ada: 'U0SANDBOXAD', grace: 'U0SANDBOXGR' };

export function userIdOf(person: string): string {
  return userIds[person] ?? '';
}

/** One install gives up to two tokens, each with its own scopes, its own life and its own end. */
export type Role = 'user' | 'bot';

export function isRotating(call: Call, client: AuthorityClient): boolean {
  const off = call.switched('slack-no-rotation');
  // For PKCE with localhost the documentation is silent; rotation was seen with the setting off. Unverified.
  return off === undefined || (off === 'confidential' && client.kind === 'pkce');
}

const day = 86_400;

/** How long a used refresh token still works is only said to be short. */
export function rotatingRule(role: Role, kind: string): TokenRule {
  return {
    accessPrefix: role === 'bot' ? 'xoxe.xoxb-1-' : 'xoxe.xoxp-1-',
    refreshPrefix: 'xoxe-1-',
    accessSeconds: 43_200,
    rotates: true,
    graceSeconds: 60,
    oldAccess: 'lives',
    liveAccess: 2,
    reuse: 'refused',
    idleSeconds: kind === 'pkce' ? 30 * day : null,
    absoluteSeconds: null,
  };
}

/** Without the setting: no end, and nothing to refresh with. */
export function lastingRule(role: Role, kind: string): TokenRule {
  return { ...rotatingRule(role, kind), accessPrefix: role === 'bot' ? 'xoxb-' : 'xoxp-', accessSeconds: null };
}

/** https://docs.slack.dev/authentication/installing-with-oauth (read 2026-11) */
export const codeSpan = { prefix: '', seconds: 600 } as const;

export const seededApps = {
  slack: seededApp(clients, { id: `${team.id}${userIdOf('ada')}`, name: `ada (${team.name})` }),
};
