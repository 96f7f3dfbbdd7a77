// What exists at this make-believe Asana: one app, two people in one workspace, and what its tokens are like.
// https://developers.asana.com/docs/oauth (read 2026-11)
import { type AuthorityClient, registeredLoopbacks, seededApp } from '../authority/clients.ts';
import type { TokenRule } from '../authority/grants.ts';
import { personOf } from '../authority/people.ts';

/** Shows the code for copying. */
export const outOfBand = 'urn:ietf:wg:oauth:2.0:oob';

export const clients: readonly AuthorityClient[] = [
  {
    kind: 'native',
    id: '1200000000000042',
    secret: 'sandbox0asana0secret0not0a0secret',
    redirectUris: [...registeredLoopbacks('127.0.0.1', '/callback/asana'), outOfBand],
  },
];

export const workspace = { gid: '1200000000000001', resource_type: 'workspace', name: 'Analytical Engines' } as const;

const gids: Readonly<Record<string, string>> = { ada: '1200000000000101', grace: '1200000000000102' };

export function gidOf(person: string): string {
  return gids[person] ?? '';
}

/**
 * Refresh tokens stay and have no end that is documented. Whether a refresh may bring a new one is unverified, and switched by `rotation`.
 */
export const tokenRule: TokenRule = {
  accessPrefix: '2/',
  refreshPrefix: '2/r/',
  accessSeconds: 3600,
  rotates: false,
  graceSeconds: 0,
  oldAccess: 'lives',
  reuse: 'refused',
  idleSeconds: null,
  absoluteSeconds: null,
};

/** Asana does not say how long a code lives; RFC 6749 §4.1.2 allows ten minutes. */
export const codeSpan = { prefix: '', seconds: 600 } as const;

export const seededApps = {
  asana: seededApp(clients, { id: gidOf('ada'), name: personOf('ada').email }),
};
