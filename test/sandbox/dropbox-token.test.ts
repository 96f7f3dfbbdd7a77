// Dropbox's token endpoint: with or without a secret, and what is refused.
import { describe, expect, test } from 'vitest';
import { connect, consented, exchange, me, redirectUri, refresh, type Tokens, tokenUrl } from './dropbox-client.ts';
import { basic, clientOf, createRig, type Form, json, post, type Rig, verifier } from './rig.ts';

const status = async (answer: Promise<{ status: number }>) => (await answer).status;

describe('the token endpoint', () => {
  const codeOf = async (rig: Rig, kind: 'public' | 'confidential' = 'public', change: Form = {}) =>
    (await consented(rig, change, kind)).searchParams.get('code');

  test.each([
    ['a secret from the public client', { client_secret: 'anything' }, 'invalid_client', 'secret_unwanted'],
    ['no client id beside the verifier', { client_id: undefined }, 'invalid_client', 'client_id_missing'],
    ['neither verifier nor secret', { code_verifier: undefined }, 'invalid_client', 'verifier'],
    ['another verifier', { code_verifier: 'x'.repeat(43) }, 'invalid_grant', 'verifier'],
    ['another redirect', { redirect_uri: `${redirectUri}/` }, 'invalid_grant', 'redirect_differs'],
    ['another grant_type', { grant_type: 'password' }, 'unsupported_grant_type', 'grant_type'],
    ['no code', { code: undefined }, 'invalid_request', 'code_missing'],
  ])('%s is refused with 400 and noted', async (_, change: Form, error, violation) => {
    const rig = await createRig();
    const answer = await exchange(rig, await codeOf(rig), change);
    expect([answer.status, json(answer).error]).toEqual([400, error]);
    expect(await rig.violations()).toEqual([violation]);
  });

  test('the confidential client: secret by form, by Basic, or none beside a verifier; without both it is refused', async () => {
    const rig = await createRig();
    const { id, secret } = clientOf(rig, 'dropbox', 'confidential');
    const authorization = basic(id, secret);
    const byBasic = { client_id: undefined, client_secret: undefined };
    const bare = { client_secret: undefined };
    const sent = async (change: Form, headers = {}) =>
      exchange(rig, await codeOf(rig, 'confidential'), change, 'confidential', headers);
    expect([await status(sent({})), await status(sent(byBasic, { authorization }))]).toEqual([200, 200]);
    const { refresh_token } = json<Tokens>(await sent(bare));
    expect(await status(refresh(rig, refresh_token, bare, 'confidential'))).toBe(200);
    expect(await rig.violations()).toEqual([]);
    expect(await status(sent({ ...bare, code_verifier: undefined }))).toBe(400);
    expect(await rig.violations()).toEqual(['secret_missing']);
  });

  test('a refresh token that came by the secret wants the secret', async () => {
    const rig = await createRig();
    const code = await codeOf(rig, 'confidential', { code_challenge: undefined, code_challenge_method: undefined });
    const tokens = json<Tokens>(await exchange(rig, code, { code_verifier: undefined }, 'confidential'));
    const without = await refresh(rig, tokens.refresh_token, { client_secret: undefined }, 'confidential');
    expect([without.status, json(without).error]).toEqual([400, 'invalid_client']);
    expect(await status(refresh(rig, tokens.refresh_token, {}, 'confidential'))).toBe(200);
    expect(await rig.violations()).toEqual(['secret_missing']);
  });

  test('a wrong or deleted secret is nobody’s slip', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig, {}, 'confidential');
    const wrong = await refresh(rig, refresh_token, { client_secret: 'wrong' }, 'confidential');
    await rig.sandbox.control(['expired-secret']);
    const over = await refresh(rig, refresh_token, {}, 'confidential');
    for (const answer of [wrong, over]) expect([answer.status, json(answer).error]).toEqual([400, 'invalid_client']);
    expect(await rig.violations()).toEqual([]);
  });

  test('everything in the URL works, as in the vendor’s SDK, and is noted', async () => {
    const rig = await createRig();
    const form = { grant_type: 'authorization_code', code: await codeOf(rig), redirect_uri: redirectUri };
    const { id } = clientOf(rig, 'dropbox', 'public');
    const query = new URLSearchParams({ ...form, code: form.code ?? '', code_verifier: verifier, client_id: id });
    expect(await status(post(rig, `${tokenUrl}?${query.toString()}`, {}))).toBe(200);
    expect(await rig.violations()).toEqual(['secret_in_url']);
  });

  test('a code is good once and for ten minutes', async () => {
    const rig = await createRig();
    const [first, late] = [await codeOf(rig), await codeOf(rig)];
    expect(await status(exchange(rig, first))).toBe(200);
    expect(json(await exchange(rig, first)).error).toBe('invalid_grant');
    rig.advance(600);
    expect(json(await exchange(rig, late)).error).toBe('invalid_grant');
    expect(await rig.violations()).toEqual(['code_replayed']);
  });

  test('a refresh may ask for less, never for more', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig);
    const narrow = json<Tokens>(await refresh(rig, refresh_token, { scope: 'files.metadata.read' }));
    const refused = await me(rig, narrow.access_token);
    expect([refused.status, json(refused).error]).toEqual([
      401,
      { '.tag': 'missing_scope', required_scope: 'account_info.read' },
    ]);
    const wide = json<Tokens>(await refresh(rig, refresh_token));
    expect(await status(me(rig, wide.access_token))).toBe(200);
    expect(json(await refresh(rig, refresh_token, { scope: 'contacts.read' })).error).toBe('invalid_scope');
    expect(await rig.violations()).toEqual(['scope', 'scope']);
  });
});
