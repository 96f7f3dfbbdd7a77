// Dropbox's authorization requests: who may ask for what, and what comes back.
import { describe, expect, test } from 'vitest';
import { approve } from '../../src/sandbox/approve.ts';
import { authorizationUrl, connect, consented, exchange, me, redirectUri, type Tokens } from './dropbox-client.ts';
import { createRig, type Form, get, json, post, verifier } from './rig.ts';

const status = async (answer: Promise<{ status: number }>) => (await answer).status;

describe('token_access_type', () => {
  test.each([
    ['online', 14_400],
    [undefined, 14_400],
    ['legacy', undefined],
  ])('%s: no refresh token, expires_in %s', async (type, seconds) => {
    const rig = await createRig();
    const tokens = await connect(rig, { token_access_type: type });
    expect(tokens).not.toHaveProperty('refresh_token');
    expect(tokens.expires_in).toBe(seconds);
    rig.advance(14_400);
    expect(await status(me(rig, tokens.access_token))).toBe(type === 'legacy' ? 200 : 401);
    expect(await rig.violations()).toEqual(type === 'legacy' ? ['token_access_type'] : []);
  });

  test('any other is an error on a page', async () => {
    const rig = await createRig();
    await expect(consented(rig, { token_access_type: 'forever' })).rejects.toMatchObject({ code: 'provider_refused' });
    expect(await rig.violations()).toEqual(['token_access_type']);
  });
});

describe('the authorization request', () => {
  test.each([
    [
      'the address instead of the name',
      { redirect_uri: 'http://127.0.0.1:8252/callback/dropbox' },
      'redirect_spelling',
    ],
    ['a slash more', { redirect_uri: `${redirectUri}/` }, 'redirect_spelling'],
    ['no client', { client_id: undefined }, 'client_id_missing'],
    ['a state of 501 bytes', { state: 's'.repeat(501) }, 'state'],
  ])('%s ends on a page and is noted', async (_, change: Form, violation) => {
    const rig = await createRig();
    await expect(consented(rig, change)).rejects.toMatchObject({ code: 'provider_refused' });
    expect(await rig.violations()).toEqual([violation]);
  });

  test('8253 and 8254 are registered, 8255 is not', async () => {
    const rig = await createRig();
    const at = (port: number) => consented(rig, { redirect_uri: redirectUri.replace('8252', String(port)) });
    expect([(await at(8253)).port, (await at(8254)).port]).toEqual(['8253', '8254']);
    await expect(at(8255)).rejects.toMatchObject({ code: 'provider_refused' });
    expect(await rig.violations()).toEqual([]);
  });

  test.each([
    [{ response_type: 'token' }, 'unsupported_response_type', 'response_type'],
    [{ scope: 'account_info.read,files.metadata.read' }, 'invalid_scope', 'scope'],
    [{ code_challenge_method: 'S512' }, 'invalid_request', 'pkce_method'],
  ])('%o is called back and noted', async (change: Form, error, violation) => {
    const rig = await createRig();
    expect((await consented(rig, change)).searchParams.get('error')).toBe(error);
    expect(await rig.violations()).toEqual([violation]);
  });

  test('plain is let pass, and noted', async () => {
    const rig = await createRig();
    const callback = await consented(rig, { code_challenge: verifier, code_challenge_method: 'plain' });
    expect(await status(exchange(rig, callback.searchParams.get('code')))).toBe(200);
    expect(await rig.violations()).toEqual(['pkce_plain']);
  });

  test('without redirect_uri the code is shown for pasting, and is good without one only', async () => {
    const rig = await createRig();
    const shown = async () => {
      const url = authorizationUrl(rig, { redirect_uri: undefined });
      const page = await rig.sandbox.answer({ method: 'GET', url, headers: {}, consent: 'auto' });
      return /<code id="copy">([^<]+)<\/code>/.exec(page.body)?.[1] ?? null;
    };
    expect(await status(exchange(rig, await shown(), { redirect_uri: undefined }))).toBe(200);
    expect(await rig.violations()).toEqual([]);
    expect(json(await exchange(rig, await shown())).error).toBe('invalid_grant');
    expect(await rig.violations()).toEqual(['redirect_differs']);
  });

  test('include_granted_scopes adds what was granted, and fails where nothing was', async () => {
    const rig = await createRig();
    const more = { scope: 'files.content.read', include_granted_scopes: 'user' };
    await expect(consented(rig, more)).rejects.toMatchObject({ code: 'provider_refused' });
    await connect(rig);
    expect((await connect(rig, more)).scope).toBe('files.content.read account_info.read files.metadata.read');
  });

  test('a person answers on the page', async () => {
    const rig = await createRig();
    const page = await get(rig, authorizationUrl(rig));
    expect(page.body).toContain('action="https://www.dropbox.com/oauth2/authorize"');
    const request = new URL(authorizationUrl(rig)).search.slice(1);
    const form = { request, account: 'grace@example.com', answer: 'allow' };
    const answer = await post(rig, 'https://www.dropbox.com/oauth2/authorize', form);
    const callback = new URL(answer.headers.location ?? '');
    expect([answer.status, callback.origin + callback.pathname]).toEqual([303, redirectUri]);
    const tokens = json<Tokens>(await exchange(rig, callback.searchParams.get('code')));
    expect(tokens.scope).toBe('account_info.read');
    expect(json(await me(rig, tokens.access_token))).toMatchObject({ name: { display_name: 'Grace Hopper' } });
  });

  test('it may never call back', async () => {
    const rig = await createRig(['never-calls-back']);
    await expect(approve(rig.sandbox, authorizationUrl(rig))).rejects.toMatchObject({ code: 'provider_refused' });
  });
});
