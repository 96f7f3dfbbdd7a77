// Trello's token endpoint at Atlassian: JSON, a secret or none, and what is refused.
import { describe, expect, test } from 'vitest';
import { clientOf, createRig, type Form, json, post, postJson, type Rig, verifier } from './rig.ts';
import { connect, consented, exchange, redirectUri, refresh, tokenUrl } from './trello-client.ts';

const status = async (answer: Promise<{ status: number }>) => (await answer).status;
const codeOf = async (rig: Rig) => (await consented(rig)).searchParams.get('code');

describe('the token endpoint', () => {
  test('a form is refused', async () => {
    const rig = await createRig();
    const { id } = clientOf(rig, 'trello', 'oauth2');
    const form = {
      grant_type: 'authorization_code',
      redirect_uri: redirectUri,
      code_verifier: verifier,
      client_id: id,
    };
    expect(await status(post(rig, tokenUrl, { ...form, code: (await codeOf(rig)) ?? '' }))).toBe(401);
    expect(await rig.violations()).toEqual(['content_type', 'client_id_missing']);
  });

  test.each([
    ['a secret from the public client', { client_secret: 'anything' }, 401, 'invalid_client', 'secret_unwanted'],
    ['another verifier', { code_verifier: 'x'.repeat(43) }, 403, 'invalid_grant', 'verifier'],
    ['no verifier', { code_verifier: undefined }, 403, 'invalid_grant', 'verifier'],
    ['another redirect', { redirect_uri: `${redirectUri}/` }, 403, 'invalid_grant', 'redirect_differs'],
    ['no code', { code: undefined }, 400, 'invalid_request', 'code_missing'],
    ['another grant_type', { grant_type: 'password' }, 400, 'unsupported_grant_type', 'grant_type'],
  ])('%s is refused and noted', async (_, change: Form, expected, error, violation) => {
    const rig = await createRig();
    const answer = await exchange(rig, await codeOf(rig), change);
    expect([answer.status, json(answer).error]).toEqual([expected, error]);
    expect(await rig.violations()).toEqual([violation]);
  });

  test('the confidential client sends its secret, at a refresh too', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig, {}, 'confidential');
    const without = await refresh(rig, refresh_token, { client_secret: undefined }, 'confidential');
    expect([without.status, json(without).error]).toEqual([401, 'invalid_client']);
    expect(await rig.violations()).toEqual(['secret_missing']);
    const wrong = await refresh(rig, refresh_token, { client_secret: 'wrong' }, 'confidential');
    await rig.sandbox.control(['expired-secret*1']);
    const over = await refresh(rig, refresh_token, {}, 'confidential');
    expect([wrong.status, over.status]).toEqual([401, 401]);
    expect(await status(refresh(rig, refresh_token, {}, 'confidential'))).toBe(200);
    expect(await rig.violations()).toEqual(['secret_missing']);
  });

  test('a code is good once and for ten minutes', async () => {
    const rig = await createRig();
    const [first, late] = [await codeOf(rig), await codeOf(rig)];
    expect(await status(exchange(rig, first))).toBe(200);
    expect(await status(exchange(rig, first))).toBe(403);
    rig.advance(600);
    expect(await status(exchange(rig, late))).toBe(403);
    expect(await rig.violations()).toEqual(['code_replayed']);
  });

  test('the address that the vendor’s description names is none', async () => {
    const rig = await createRig();
    expect(await status(postJson(rig, 'https://auth.atlassian.com/authorize/oauth/token', {}))).toBe(404);
    expect(await rig.violations()).toEqual(['unknown_path']);
  });
});
