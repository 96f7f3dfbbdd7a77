// What exists at this make-believe Trello: an OAuth 2.0 app of either security type, an API key of before, and two members.
// https://developer.atlassian.com/cloud/trello/guides/rest-api/oauth-2-confidential-client-usage/ (read 2026-11)
import { type AuthorityClient, registeredLoopbacks, seededApp } from '../authority/clients.ts';
import type { TokenRule } from '../authority/grants.ts';
import { personOf } from '../authority/people.ts';
import type { Call } from '../call.ts';

// A console took localhost, another one of the same vendor refused it: switched by `trello-loopback`.
// https://glama.ai/mcp/servers/devinsba/trello-mcp against https://github.com/sectapunterx/heap
const callbacks = registeredLoopbacks('localhost', '/callback/trello');
const numbered = registeredLoopbacks('127.0.0.1', '/callback/trello');

/** The security type is chosen once: a public client has no secret, a confidential one always sends its own. */
export const clients: readonly AuthorityClient[] = [
  { kind: 'oauth2', id: 'SandboxTrelloPublicClient0000001', secret: undefined, redirectUris: callbacks },
  {
    kind: 'confidential',
    id: 'SandboxTrelloSecretClient0000001',
    secret: 'ATOASandboxTrelloNotASecret',
    redirectUris: callbacks,
  },
];

export function callbacksOf(call: Call, client: AuthorityClient): readonly string[] {
  const switched = call.peek('trello-loopback');
  if (switched === undefined) return client.redirectUris;
  return switched === 'both' ? [...client.redirectUris, ...numbered] : numbered;
}

/** Origins, without a path or a slash. */
const allowedOrigins = [...registeredLoopbacks('localhost', ''), ...registeredLoopbacks('127.0.0.1', '')];

/** The key is the whole registration: its secret signs OAuth 1.0a and webhooks only. */
const legacyClient: AuthorityClient = {
  kind: 'legacy',
  id: '5a4db0c5a4db0c5a4db0c5a4db0c5001',
  secret: undefined,
  redirectUris: allowedOrigins,
};

/** Somebody else's key: what is good with one key is nothing with another. */
export const otherKey: AuthorityClient = { ...legacyClient, id: '5a4db0c5a4db0c5a4db0c5a4db0c5002' };

export const keys: readonly AuthorityClient[] = [legacyClient, otherKey];

interface Member {
  readonly id: string;
  readonly username: string;
}

const ada: Member = { id: '5e5a4db0c5000000000000ad', username: 'adalovelace' };
const grace: Member = { id: '5e5a4db0c5000000000000b6', username: 'gracehopper' };

export function memberOf(person: string): Member {
  return person === 'grace' ? grace : ada;
}

const day = 86_400;

/**
 * Each refresh token is good once, and for 90 days: https://developer.atlassian.com/cloud/oauth/getting-started/refresh-tokens/
 * Whether reuse ends the whole grant is unverified (switch `reuse`), and so is an end of the grant itself: for Jira it is a year,
 * https://community.developer.atlassian.com/t/refresh-token-expire-after-36000-seconds/60806/2
 */
export function tokenRule(call: Call): TokenRule {
  return {
    accessPrefix: '',
    refreshPrefix: '',
    accessSeconds: 3600,
    rotates: true,
    graceSeconds: 0,
    oldAccess: 'lives',
    reuse: 'refused',
    idleSeconds: 90 * day,
    absoluteSeconds: call.peek('trello-absolute-end') === undefined ? null : 365 * day,
  };
}

/** Seconds by `expiration`; null: never. https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/ (read 2026-11) */
export const expirations: Readonly<Record<string, number | null>> = {
  '1hour': 3600,
  '1day': day,
  '30days': 30 * day,
  never: null,
};

export function legacyTokenRule(call: Call, expiration: string): TokenRule {
  return { ...tokenRule(call), accessPrefix: 'ATTA', accessSeconds: expirations[expiration] ?? null };
}

/** Atlassian does not say how long a code lives; RFC 6749 §4.1.2 allows ten minutes. */
export const codeSpan = { prefix: '', seconds: 600 } as const;

export const seededApps = {
  trello: seededApp([...clients.slice(0, 1), legacyClient, ...clients.slice(1)], {
    id: ada.id,
    name: personOf('ada').name,
  }),
};
