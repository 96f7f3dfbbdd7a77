// What is switched at Notion: the answers that nobody is sure of, and the ways in which its grants end.
import { describe, expect, test } from 'vitest';
import { ask, connect, consented, exchange, me, refresh, type Tokens } from './notion-client.ts';
import { createRig, json, type Rig } from './rig.ts';

const works = async (rig: Rig, token: string) => (await me(rig, token)).status === 200;
const refreshes = async (rig: Rig, tokens: Tokens) => (await refresh(rig, tokens.refresh_token)).status === 200;
const challenge = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' };

describe('both answers where nobody is sure', () => {
  test('without rotation refresh_token is null, or is not there', async () => {
    expect((await connect(await createRig(['notion-no-rotation']))).refresh_token).toBeNull();
    expect(await connect(await createRig(['notion-no-rotation=absent']))).not.toHaveProperty('refresh_token');
    expect((await connect(await createRig(['no-refresh-token']))).refresh_token).toBeNull();
  });

  test.each([
    ['revoking the access token leaves the refresh token', [], true],
    ['revoking the access token ends the refresh token', ['notion-revoke'], false],
  ])('%s', async (_, switches, survives) => {
    const rig = await createRig(switches);
    const tokens = await connect(rig);
    await ask(rig, 'revoke', { token: tokens.access_token });
    expect(await works(rig, tokens.access_token)).toBe(false);
    expect(await refreshes(rig, tokens)).toBe(survives);
  });

  test('revoking what is dead succeeds, or is refused', async () => {
    const rig = await createRig();
    const { access_token } = await connect(rig);
    const revoke = async () => (await ask(rig, 'revoke', { token: access_token })).status;
    expect([await revoke(), await revoke()]).toEqual([200, 200]);
    await rig.sandbox.control(['revoke-dead=refused']);
    expect(await revoke()).toBe(400);
    expect(await rig.violations()).toEqual([]);
  });

  test('a challenge or verifier may be an error', async () => {
    const rig = await createRig(['notion-code-challenge']);
    await expect(consented(rig, challenge)).rejects.toMatchObject({ code: 'provider_refused' });
    const code = (await consented(rig)).searchParams.get('code');
    expect((await exchange(rig, code, { code_verifier: 'x'.repeat(43) })).status).toBe(400);
    expect(await rig.violations()).toEqual(['pkce_unwanted', 'pkce_unwanted']);
  });

  test.each([
    ['leaves what was before', [], true],
    ['ends what was before', ['notion-reconnect'], false],
  ])('connecting again %s', async (_, switches, survives) => {
    const rig = await createRig(switches);
    const first = await connect(rig);
    await connect(rig);
    expect(await works(rig, first.access_token)).toBe(survives);
  });

  test('introspection may say active and nothing else', async () => {
    const rig = await createRig();
    const { access_token } = await connect(rig);
    const members = async () => Object.keys(json(await ask(rig, 'introspect', { token: access_token })));
    expect(await members()).toEqual(['active', 'scope', 'iat', 'request_id']);
    await rig.sandbox.control(['notion-introspect']);
    expect(await members()).toEqual(['active', 'request_id']);
  });

  test('the person may be without an e-mail address', async () => {
    expect((await connect(await createRig(['notion-email']))).owner.user.person).toEqual({});
  });

  test('the old access token may go on after a refresh', async () => {
    const rig = await createRig(['old-access=lives']);
    const tokens = await connect(rig);
    await refresh(rig, tokens.refresh_token);
    expect(await works(rig, tokens.access_token)).toBe(true);
  });
});

describe('how tokens and grants end', () => {
  test('by their age, when one is set', async () => {
    const rig = await createRig(['access-life=60', 'refresh-life=3600']);
    const tokens = await connect(rig);
    expect(tokens).not.toHaveProperty('expires_in');
    rig.advance(60);
    expect(await works(rig, tokens.access_token)).toBe(false);
    const next = json<Tokens>(await refresh(rig, tokens.refresh_token));
    rig.advance(3600);
    expect(await refreshes(rig, next)).toBe(false);
    expect(await rig.violations()).toEqual([]);
  });

  test('by the person, in the settings', async () => {
    const rig = await createRig();
    const tokens = await connect(rig);
    await rig.sandbox.control(['revoked-by-user@notion']);
    expect([await works(rig, tokens.access_token), await refreshes(rig, tokens)]).toEqual([false, false]);
  });

  test('by a second use of a refresh token, when the whole grant is at stake', async () => {
    const rig = await createRig(['reuse=kills']);
    const first = await connect(rig);
    const second = json<Tokens>(await refresh(rig, first.refresh_token));
    expect(await refreshes(rig, first)).toBe(false);
    expect([await works(rig, second.access_token), await refreshes(rig, second)]).toEqual([false, false]);
  });

  test('within a grace a rotated refresh token still works', async () => {
    const rig = await createRig(['grace=60']);
    const tokens = await connect(rig);
    await refresh(rig, tokens.refresh_token);
    rig.advance(59);
    expect(await refreshes(rig, tokens)).toBe(true);
    rig.advance(1);
    expect(await refreshes(rig, tokens)).toBe(false);
  });

  test.each(['connection-reset', 'truncate'])('%s at a refresh: sending the token again is no slip', async (fault) => {
    const rig = await createRig();
    const tokens = await connect(rig);
    await rig.sandbox.control([`${fault}@notion.token*1`]);
    await refresh(rig, tokens.refresh_token);
    expect(await refreshes(rig, tokens)).toBe(false);
    expect(await rig.violations()).toEqual([]);
  });

  test('a refused refresh that ends nothing', async () => {
    const rig = await createRig(['invalid-grant*1']);
    const tokens = await connect(rig);
    expect([await refreshes(rig, tokens), await refreshes(rig, tokens)]).toEqual([false, true]);
  });
});

test('no token, code or secret is on disk', async () => {
  const rig = await createRig();
  const code = (await consented(rig)).searchParams.get('code');
  const tokens = json<Tokens>(await exchange(rig, code));
  const next = json<Tokens>(await refresh(rig, tokens.refresh_token));
  const secrets = [code, tokens.access_token, tokens.refresh_token, next.access_token, next.refresh_token];
  expect(secrets.filter((secret) => secret === null || rig.stateText().includes(secret))).toEqual([]);
});
