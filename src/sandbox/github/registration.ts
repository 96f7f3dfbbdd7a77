// What is registered at this make-believe GitHub: one OAuth App, one GitHub App, two people, and what the tokens are like.
// https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps (read 2026-11)
import { type AuthorityClient, registeredLoopbacks, seededApp } from '../authority/clients.ts';
import type { TokenRule } from '../authority/grants.ts';
import type { Person } from '../authority/people.ts';

export const clients: readonly AuthorityClient[] = [
  {
    kind: 'oauth-app',
    id: 'Ov23liSandboxOAuthAp',
    secret: '5a4db0c5a4db0c5a4db0c5a4db0c5a4db0c50001',
    // Without a port: any is good for an OAuth App.
    redirectUris: ['http://127.0.0.1/callback/github'],
  },
  {
    kind: 'github-app',
    id: 'Iv23liSandboxGitApp0',
    secret: '5a4db0c5a4db0c5a4db0c5a4db0c5a4db0c50002',
    redirectUris: registeredLoopbacks('127.0.0.1', '/callback/github'),
  },
];

export function isGitHubApp({ kind }: AuthorityClient): boolean {
  return kind === 'github-app';
}

export const issuer = 'https://github.com/login/oauth';

const ids: Readonly<Record<string, number>> = { ada: 18_151_210, grace: 19_061_209 };

export function userIdOf({ key }: Person): number {
  return ids[key] ?? 0;
}

/** A login can change; the id cannot. */
export function loginOf({ key }: Person): string {
  return key;
}

/**
 * Single use, and a refresh ends the access token from before:
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens
 */
export function expiringRule(client: AuthorityClient): TokenRule {
  return {
    accessPrefix: isGitHubApp(client) ? 'ghu_' : 'gho_',
    refreshPrefix: 'ghr_',
    accessSeconds: 28_800,
    rotates: true,
    graceSeconds: 0,
    oldAccess: 'dies',
    // Whether a second use ends the others is unverified: switched by `reuse`.
    reuse: 'refused',
    idleSeconds: 15_897_600,
    absoluteSeconds: null,
  };
}

export function lastingRule(client: AuthorityClient): TokenRule {
  return { ...expiringRule(client), accessSeconds: null };
}

export const codeSpan = { prefix: '', seconds: 600 } as const;

export const deviceSpans = { prefix: '', seconds: 900, intervalSeconds: 5 } as const;

export const seededApps = {
  github: seededApp(clients, { id: String(ids.ada), name: 'ada' }),
};
