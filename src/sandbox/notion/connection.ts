// What exists at this make-believe Notion: one public connection, one workspace, two people, and what its tokens are like.
// https://developers.notion.com/guides/get-started/authorization (read 2026-11)
import { createHash } from 'node:crypto';
import { type AuthorityClient, registeredLoopbacks, seededApp } from '../authority/clients.ts';
import type { TokenRule } from '../authority/grants.ts';
import type { Call } from '../call.ts';

export const clients: readonly AuthorityClient[] = [
  {
    kind: 'public',
    id: '5a4db0c5-0000-4000-8000-000000000001',
    secret: 'secret_Sandbox_Notion_Not_A_Secret',
    // The name, not the address: https://github.com/vellum-ai/vellum-assistant/pull/16495
    redirectUris: registeredLoopbacks('localhost', '/callback/notion'),
  },
];

export const workspace = { id: '5a4db0c5-0000-4000-8000-0000000000aa', name: 'Analytical Engines' } as const;

const userIds: Readonly<Record<string, string>> = {
  ada: '5a4db0c5-0000-4000-8000-0000000000ad',
  grace: '5a4db0c5-0000-4000-8000-0000000000b6',
};

export function userIdOf(person: string): string {
  return userIds[person] ?? '';
}

/** A bot stands for one authorization. */
export function botIdOf(grantId: string): string {
  return asUuid(createHash('sha256').update(`notion bot ${grantId}`).digest());
}

export function requestId(call: Call): string {
  return asUuid(call.random.bytes(16));
}

function asUuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.subarray(0, 16)).toString('hex');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
}

/**
 * Both tokens are replaced at a refresh. How long they live is not documented, nor what becomes of the old access token: unverified, and
 * switched by `access-life`, `refresh-life` and `old-access`. https://github.com/vm0-ai/vm0/issues/2723
 */
export const tokenRule: TokenRule = {
  accessPrefix: 'ntn_',
  refreshPrefix: 'nrt_',
  accessSeconds: null,
  rotates: true,
  graceSeconds: 0,
  oldAccess: 'dies',
  reuse: 'refused',
  idleSeconds: null,
  absoluteSeconds: null,
};

/** Notion does not say how long a code lives; RFC 6749 §4.1.2 allows ten minutes. */
export const codeSpan = { prefix: '', seconds: 600 } as const;

export const seededApps = {
  notion: seededApp(clients, { id: `${workspace.id}${userIdOf('ada')}`, name: `Ada Lovelace (${workspace.name})` }),
};
