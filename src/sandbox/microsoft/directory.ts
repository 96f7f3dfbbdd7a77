// What exists at this make-believe Microsoft: one directory, one app registered in two ways, a work account and a personal one.
// https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc (tenants, read 2026-11)
import { createHash } from 'node:crypto';
import { type AuthorityClient, seededApp } from '../authority/clients.ts';
import type { TokenRule } from '../authority/grants.ts';
import { people, personOf } from '../authority/people.ts';
import type { Call } from '../call.ts';

export const loginHost = 'login.microsoftonline.com';

/** The tenant that all personal accounts are in. */
export const consumerTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad';

const directory = { id: 'd1ec7012-0000-4000-8000-000000000001', domain: 'engines.example.com' } as const;

export type Tenant = 'common' | 'organizations' | 'consumers' | typeof directory.id;

/** A path segment: a word, or a tenant by id or by domain. */
export function tenantNamed(text: string | undefined): Tenant | undefined {
  const name = text?.toLowerCase() ?? '';
  if (name === 'common' || name === 'organizations' || name === 'consumers') return name;
  if (name === consumerTenantId) return 'consumers';
  return name === directory.id || name === directory.domain ? directory.id : undefined;
}

export function authorizePath(tenant: string): string {
  return `/${tenant}/oauth2/v2.0/authorize`;
}

export interface Account {
  /** `tid`. */
  readonly tenantId: string;
  /** `oid`. */
  readonly objectId: string;
  /** What Graph calls it: the object id, or for a personal account the half of it that is not zeros. */
  readonly graphId: string;
}

const ada: Account = {
  tenantId: directory.id,
  objectId: 'ada00000-0000-4000-8000-0000000000ad',
  graphId: 'ada00000-0000-4000-8000-0000000000ad',
};

const grace: Account = {
  tenantId: consumerTenantId,
  objectId: '00000000-0000-0000-9ace-0000000000b6',
  graphId: '9ace0000000000b6',
};

/** By the key of a person. */
export function accountOf(person: string): Account {
  return person === 'grace' ? grace : ada;
}

export function isPersonal(person: string): boolean {
  return accountOf(person).tenantId === consumerTenantId;
}

/** Whether somebody can sign in there. */
export function admits(tenant: Tenant, person: string): boolean {
  if (tenant === 'common') return true;
  return isPersonal(person) ? tenant === 'consumers' : tenant !== 'consumers';
}

/** Who sits at the browser when neither the client nor a switch says: somebody who can sign in there. */
export function usualPerson(tenant: Tenant) {
  return personOf(admits(tenant, 'ada') ? 'ada' : 'grace');
}

/** Another one for each client: https://learn.microsoft.com/en-us/entra/identity-platform/id-token-claims-reference (read 2026-11) */
export function pairwiseSubject(clientId: string, person: string): string {
  return createHash('sha256')
    .update(`${clientId} ${accountOf(person).objectId}`)
    .digest('base64url');
}

const callbacks = (origin: string) => [`${origin}/callback/outlook`, `${origin}/callback/teams`];

/** `public`: platform "Mobile and desktop applications"; the address without a path is what its guide recommends. `confidential`: "Web". */
export const clients: readonly AuthorityClient[] = [
  {
    kind: 'public',
    id: '0a0b0c0d-0000-4000-8000-00000000c11e',
    secret: undefined,
    redirectUris: [...callbacks('http://localhost'), 'http://localhost'],
  },
  {
    kind: 'confidential',
    id: '0a0b0c0d-0000-4000-8000-00000000c0de',
    secret: 'Sbx8Q~Sandbox_Entra_Secret_Not_A_Secret0',
    redirectUris: callbacks('https://app.example.com'),
  },
];

const seeded = seededApp(clients, { id: `${ada.tenantId}:${ada.objectId}`, name: people[0].email });

export const seededApps = { outlook: seeded, teams: seeded };

const day = 86_400;

/**
 * Access tokens live 60 to 90 minutes, each another time: https://learn.microsoft.com/en-us/entra/identity-platform/access-tokens.
 * A refresh brings a new refresh token and leaves the old one alone; unused they end after 90 days:
 * https://learn.microsoft.com/en-us/entra/identity-platform/refresh-tokens (read 2026-11)
 */
export function tokenRule(call: Call): TokenRule {
  const [high = 0, low = 0] = call.random.bytes(2);
  return {
    accessPrefix: 'EwB',
    refreshPrefix: '1.A',
    accessSeconds: 3600 + Math.floor(((high * 256 + low) / 65_536) * 1801),
    rotates: true,
    graceSeconds: null,
    oldAccess: 'lives',
    reuse: 'refused',
    idleSeconds: 90 * day,
    absoluteSeconds: null,
  };
}

/** One minute by the current page, ten by older copies of it: switched. https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow */
export function codeSpan(call: Call) {
  return { prefix: 'M.C', seconds: call.switched('microsoft-code-life') === undefined ? 60 : 600 };
}

/** https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-device-code (read 2026-11) */
export const deviceSpans = { prefix: 'G', seconds: 900, intervalSeconds: 5 } as const;
