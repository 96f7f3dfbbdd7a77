// Consent: which scopes and tokens it leads to, and the pages on which a person decides.
import { describe, expect, test } from 'vitest';
import type { SandboxResponse } from '../../src/sandbox/sandbox.ts';
import {
  authorizationUrl,
  claimsOf,
  consented,
  createRig,
  driveFile,
  emailLong,
  encodeForm,
  exchange,
  type Form,
  get,
  gmailReadonly,
  json,
  type Rig,
  redirectUri,
  type Tokens,
} from './rig.ts';

const consentUrl = 'https://accounts.google.com/signin/oauth/consent';

/** Presses a button of the consent page, with these scopes ticked. */
function press(rig: Rig, url: string, answer: string, scopes: readonly string[] = [], more: Form = {}) {
  const request = new URL(url).search.slice(1);
  const ticks = scopes.map((scope) => `&scope=${encodeURIComponent(scope)}`).join('');
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = encodeForm({ request, account: 'ada@example.com', answer, ...more }) + ticks;
  return rig.sandbox.answer({ method: 'POST', url: consentUrl, headers, body });
}

async function grantedBy(rig: Rig, decision: SandboxResponse, change: Form = {}): Promise<string[]> {
  const code = new URL(decision.headers.location ?? '').searchParams.get('code');
  return json<Tokens>(await exchange(rig, code, change)).scope.split(' ');
}

describe('scopes', () => {
  test('an installed app that wants earlier scopes back does not get them', async () => {
    const rig = await createRig();
    await consented(rig);
    const callback = await consented(rig, { scope: driveFile, include_granted_scopes: 'true' });
    const tokens = json<Tokens>(await exchange(rig, callback.searchParams.get('code')));
    expect(tokens.scope).toBe(driveFile);
  });

  test('a Web client does', async () => {
    const rig = await createRig();
    const { web } = rig.app.clients;
    const change = { client_id: web?.clientId, redirect_uri: web?.redirectUris[0] };
    await consented(rig, change);
    const callback = await consented(rig, { ...change, scope: driveFile, include_granted_scopes: 'true' });
    const secret = { ...change, client_secret: web?.clientSecret?.reveal() };
    const tokens = json<Tokens>(await exchange(rig, callback.searchParams.get('code'), secret));
    expect(tokens.scope.split(' ').sort()).toEqual([driveFile, emailLong, gmailReadonly, 'openid'].sort());
  });

  test('of Google’s other services are taken as they are', async () => {
    const scope = 'https://www.googleapis.com/auth/calendar.readonly';
    const callback = await consented(await createRig(), { scope });
    expect(callback.searchParams.get('scope')).toBe(scope);
  });
});

describe('who gets a refresh token', () => {
  async function webTokens(rig: Rig, change: Form): Promise<Record<string, unknown>> {
    const { web } = rig.app.clients;
    const client = { client_id: web?.clientId, redirect_uri: web?.redirectUris[0] };
    const callback = await consented(rig, { ...client, ...change });
    const secret = { ...client, client_secret: web?.clientSecret?.reveal() };
    return json(await exchange(rig, callback.searchParams.get('code'), secret));
  }

  test('an installed app always', async () => {
    const rig = await createRig();
    for (const access_type of [undefined, 'online']) {
      const code = (await consented(rig, { access_type, prompt: undefined })).searchParams.get('code');
      expect(json(await exchange(rig, code))).toHaveProperty('refresh_token');
    }
  });

  test('a Web client at its first offline consent, and again when consent is asked for', async () => {
    const rig = await createRig();
    expect(await webTokens(rig, { access_type: undefined })).not.toHaveProperty('refresh_token');
    const other = await createRig();
    expect(await webTokens(other, { prompt: undefined })).toHaveProperty('refresh_token');
    expect(await webTokens(other, { prompt: undefined })).not.toHaveProperty('refresh_token');
    expect(await webTokens(other, { prompt: 'consent' })).toHaveProperty('refresh_token');
    await other.sandbox.control(['web-refresh-token']);
    expect(await webTokens(other, { prompt: undefined })).toHaveProperty('refresh_token');
  });
});

describe('the pages', () => {
  test('the signed-in account may allow everything', async () => {
    const rig = await createRig();
    const url = authorizationUrl(rig);
    const page = await get(rig, url);
    expect([page.status, page.body.includes('ada@example.com')]).toEqual([200, true]);
    const decision = await press(rig, url, 'allow', [gmailReadonly]);
    expect(decision.status).toBe(303);
    expect((await grantedBy(rig, decision)).sort()).toEqual([emailLong, gmailReadonly, 'openid'].sort());
    expect(await rig.violations()).toEqual([]);
  });

  test('what is unticked is not granted; the identity has no tick', async () => {
    const rig = await createRig();
    const url = authorizationUrl(rig, { scope: `openid email ${gmailReadonly} ${driveFile}` });
    const granted = await grantedBy(rig, await press(rig, url, 'allow', [driveFile]));
    expect(granted.sort()).toEqual([driveFile, emailLong, 'openid'].sort());
  });

  test('a scope that was not asked for cannot be ticked', async () => {
    const rig = await createRig();
    const decision = await press(rig, authorizationUrl(rig), 'allow', [gmailReadonly, driveFile]);
    expect(await grantedBy(rig, decision)).not.toContain(driveFile);
  });

  test('Cancel, or nothing left ticked, is access_denied', async () => {
    const rig = await createRig();
    const state = 'a-state-that-holds-256-bits-of-chance';
    const denied = `${redirectUri}?state=${state}&iss=https://accounts.google.com&error=access_denied`;
    expect((await press(rig, authorizationUrl(rig), 'cancel')).headers.location).toBe(denied);
    const nothing = await press(rig, authorizationUrl(rig, { scope: gmailReadonly }), 'allow', []);
    expect(nothing.headers.location).toBe(denied);
  });

  test('another account can be chosen, at once with prompt=select_account', async () => {
    const rig = await createRig();
    const url = authorizationUrl(rig, { prompt: 'select_account' });
    expect((await get(rig, url)).says).toBe('Choose an account');
    expect((await press(rig, authorizationUrl(rig), 'switch')).says).toBe('Choose an account');
    const decision = await press(rig, url, 'allow', [gmailReadonly], { account: 'grace@example.com' });
    const code = new URL(decision.headers.location ?? '').searchParams.get('code');
    const tokens = json<Tokens>(await exchange(rig, code));
    expect(claimsOf(tokens.id_token)).toMatchObject({ email: 'grace@example.com' });
  });

  test('login_hint names the account, by address or by sub', async () => {
    const rig = await createRig();
    for (const login_hint of ['grace@example.com', '102718281828459045235'])
      expect((await get(rig, authorizationUrl(rig, { login_hint }))).body).toContain('Grace Hopper');
  });

  test('prompt=none answers without a page: with an error until the account has consented', async () => {
    const rig = await createRig();
    const silently = authorizationUrl(rig, { prompt: 'none' });
    expect((await get(rig, silently)).headers.location).toContain('error=interaction_required');
    await consented(rig);
    expect((await get(rig, silently)).headers.location).toContain('code=');
    const more = authorizationUrl(rig, { prompt: 'none', scope: driveFile });
    expect((await get(rig, more)).headers.location).toContain('error=interaction_required');
  });

  test('a form that another site sent is refused, and so is a made-up request', async () => {
    const rig = await createRig();
    const request = new URL(authorizationUrl(rig)).search.slice(1);
    const body = encodeForm({ request, account: 'ada@example.com', answer: 'allow' });
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' };
    const foreign = await rig.sandbox.answer({ method: 'POST', url: consentUrl, headers, body });
    expect([foreign.status, foreign.headers.location]).toEqual([400, undefined]);
    const changed = authorizationUrl(rig, { redirect_uri: 'https://evil.example/' });
    expect((await press(rig, changed, 'allow', [gmailReadonly])).headers.location).toBeUndefined();
  });
});

test('a sandbox that consents by itself answers with the redirect', async () => {
  const rig = await createRig();
  const answer = await get({ sandbox: rig.another('auto') }, authorizationUrl(rig));
  expect([answer.status, answer.headers.location]).toEqual([302, expect.stringContaining(redirectUri)]);
});
