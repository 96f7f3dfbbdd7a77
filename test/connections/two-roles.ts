// A provider whose grants hold two tokens, each with a life of its own, in the fake world.
import { addedPath, addedToText, providersFolder } from '../../src/connections/provider-book.ts';
import { plainProvider } from '../../src/model/plain-provider.ts';
import type { WireRequest, WireResponse } from '../../src/model/ports.ts';
import type { Provider } from '../../src/model/provider.ts';
import { createRig, issuer, json, type Rig } from './rig.ts';

const provider: Provider = (() => {
  const endpoints = {
    authorization: `${issuer}/authorize`,
    token: `${issuer}/token`,
    revocation: `${issuer}/revoke`,
    introspection: null,
    userinfo: null,
    deviceAuthorization: null,
    jwks: null,
  };
  const plain = plainProvider({ id: 'acme', name: 'Acme', issuer, endpoints });
  const probe = {
    method: 'GET' as const,
    url: `${issuer}/whoami`,
    token: 'header' as const,
    headers: {},
    needsAnyScope: [],
    accountIdAt: ['/id'],
    accountNameAt: ['/name'],
    clientIdAt: [],
    scopeAt: [],
    clientAuth: false,
  };
  return {
    ...plain,
    clientAuth: 'none',
    kinds: plain.kinds.map((kind) => ({ ...kind, secret: 'never' as const })),
    probes: [probe],
    revocation: { ...plain.revocation, proof: 'probe' as const },
    rotation: 'always',
    scopes: { ...plain.scopes, default: ['read'], separator: { ask: ',', answer: ',' } },
    roles: [
      { id: 'user', scopeParam: 'user_scope', scopePrefix: '', at: '/user', tokenType: 'user', namesAccount: true },
      { id: 'bot', scopeParam: 'scope', scopePrefix: 'bot:', at: '', tokenType: 'bot', namesAccount: false },
    ],
  };
})();

export interface TwoRoles {
  readonly rig: Rig;
  /** By role: how many refreshes it had, and whether it is dead. */
  readonly lives: Record<'user' | 'bot', { refreshes: number; dead: boolean }>;
  /** Every token that was sent to be revoked. */
  readonly revoked: string[];
}

export function createTwoRoles(): TwoRoles {
  const rig = createRig();
  const lives = { user: { refreshes: 0, dead: false }, bot: { refreshes: 0, dead: false } };
  const revoked: string[] = [];
  const { files } = rig.world.system;
  const path = addedPath(files, providersFolder(files, '/config'), 'acme');
  rig.world.files.set(path, addedToText({ from: 'file', provider }));
  rig.server.instead = (request) => Promise.resolve(answer(request, lives, revoked));
  return { rig, lives, revoked };
}

const token = (role: 'user' | 'bot', lives: TwoRoles['lives']) => ({
  access_token: `${role}-access-${lives[role].refreshes}`,
  refresh_token: `${role}-refresh-${lives[role].refreshes}`,
  token_type: role,
  expires_in: 3600,
  scope: role === 'user' ? 'read' : 'write,post',
});

function answer(request: WireRequest, lives: TwoRoles['lives'], revoked: string[]): WireResponse {
  const { pathname } = new URL(request.url);
  const form = new URLSearchParams(request.body);
  if (pathname === '/whoami') return whoami(request.headers.authorization ?? '', lives);
  if (pathname === '/revoke') {
    const sent = form.get('token') ?? '';
    revoked.push(sent);
    const role = sent.startsWith('user') ? 'user' : 'bot';
    if (sent.includes('access')) lives[role].dead = true;
    return json(200, {});
  }
  if (form.get('grant_type') === 'authorization_code') {
    return json(200, { ...token('bot', lives), user: { ...token('user', lives), id: 'account-1' } });
  }
  const [role] = (form.get('refresh_token') ?? '').split('-') as ['user' | 'bot'];
  const isCurrent = form.get('refresh_token') === `${role}-refresh-${lives[role].refreshes}`;
  if (!isCurrent || lives[role].dead) return json(400, { error: 'invalid_grant' });
  lives[role].refreshes += 1;
  return json(200, token(role, lives));
}

function whoami(authorization: string, lives: TwoRoles['lives']): WireResponse {
  for (const role of ['user', 'bot'] as const) {
    if (authorization !== `Bearer ${role}-access-${lives[role].refreshes}` || lives[role].dead) continue;
    return json(200, { id: role === 'user' ? 'account-1' : 'bot-7', name: role === 'user' ? 'ann' : 'a bot' });
  }
  return json(401, { error: 'invalid_token' });
}
