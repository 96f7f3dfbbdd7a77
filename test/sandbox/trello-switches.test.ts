// What is switched at Trello: the answers that nobody is sure of, and the ways in which its grants end.
import { describe, expect, test } from 'vitest';
import { approve } from '../../src/sandbox/approve.ts';
import { clientOf, createRig, json, type Rig } from './rig.ts';
import {
  call,
  connect,
  consented,
  keyHeader,
  legacyConnect,
  legacyUrl,
  me,
  probe,
  redirectUri,
  refresh,
  revoke,
  type Tokens,
} from './trello-client.ts';

const works = async (rig: Rig, token: string) => (await me(rig, token)).status === 200;
const refreshes = async (rig: Rig, tokens: Tokens) => (await refresh(rig, tokens.refresh_token)).status === 200;
const numbered = redirectUri.replace('localhost', '127.0.0.1');

describe('both answers where nobody is sure', () => {
  test.each([
    [[], [true, false]],
    [['trello-loopback'], [false, true]],
    [['trello-loopback=both'], [true, true]],
  ])('%o: localhost and 127.0.0.1 are registered: %o', async (switches, expected) => {
    const rig = await createRig(switches);
    const reaches = (uri: string) =>
      consented(rig, { redirect_uri: uri }).then(
        () => true,
        () => false,
      );
    expect([await reaches(redirectUri), await reaches(numbered)]).toEqual(expected);
  });

  test.each([
    [[], 200, false],
    [['trello-revoke'], 404, true],
    [['trello-revoke=403'], 403, true],
    [['trello-revoke=lives'], 200, true],
  ])('%o: revocation answers %i, and the grant lives: %s', async (switches, status, lives) => {
    const rig = await createRig(switches);
    const tokens = await connect(rig);
    expect((await revoke(rig, tokens.refresh_token)).status).toBe(status);
    expect([await works(rig, tokens.access_token), await refreshes(rig, tokens)]).toEqual([lives, lives]);
    expect(await rig.violations()).toEqual([]);
  });

  test('revoking an access token leaves the refresh token', async () => {
    const rig = await createRig();
    const tokens = await connect(rig);
    await revoke(rig, tokens.access_token);
    expect([await works(rig, tokens.access_token), await refreshes(rig, tokens)]).toEqual([false, true]);
  });

  test('revoking what is dead succeeds, or is refused', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig);
    const statuses = [await revoke(rig, refresh_token), await revoke(rig, refresh_token)].map(({ status }) => status);
    expect(statuses).toEqual([200, 200]);
    await rig.sandbox.control(['revoke-dead=refused']);
    expect((await revoke(rig, refresh_token)).status).toBe(400);
  });

  test('token_type may be absent', async () => {
    expect(await connect(await createRig(['trello-token-type']))).not.toHaveProperty('token_type');
  });

  test.each([
    ['rotation=never', 'the old one stays good', true],
    ['trello-untold-refresh', 'the old one is used up', false],
  ])('%s: a refresh brings no refresh token, and %s', async (line, _, good) => {
    const rig = await createRig([`${line}*1`]);
    const first = await connect(rig);
    expect(json(await refresh(rig, first.refresh_token))).not.toHaveProperty('refresh_token');
    expect(await refreshes(rig, first)).toBe(good);
    expect(await rig.violations()).toEqual([]);
  });

  test.each([
    [[], true],
    [['trello-absolute-end'], false],
  ])('%o: a grant that is used lives beyond a year: %s', async (switches, lives) => {
    const rig = await createRig(switches);
    let tokens = await connect(rig);
    for (let quarter = 0; quarter < 5; quarter += 1) {
      rig.advance(73 * 86_400);
      const answer = await refresh(rig, tokens.refresh_token);
      if (answer.status !== 200) break;
      tokens = json<Tokens>(answer);
    }
    expect(await refreshes(rig, tokens)).toBe(lives);
  });

  test.each([
    [[], true],
    [['reuse=kills'], false],
  ])('%o: the grant outlives a second use of a refresh token: %s', async (switches, lives) => {
    const rig = await createRig(switches);
    const first = await connect(rig);
    const second = json<Tokens>(await refresh(rig, first.refresh_token));
    expect(await refreshes(rig, first)).toBe(false);
    expect(await works(rig, second.access_token)).toBe(lives);
  });

  test('a wrong client may be told access_denied', async () => {
    const rig = await createRig(['trello-wrong-client']);
    const answer = await refresh(rig, 'whatever', { client_id: 'nobody' });
    expect([answer.status, json(answer).error]).toEqual([401, 'access_denied']);
  });

  test('the API may refuse a bearer token in JSON', async () => {
    const rig = await createRig(['trello-bearer-error']);
    expect(json(await me(rig, 'unknown'))).toEqual({ code: 401, message: 'invalid token' });
  });

  test.each([
    [[], 401, 'invalid key'],
    [['trello-foreign-key'], 404, 'Not Found'],
  ])('%o: a client id as a key is %i', async (switches, status, words) => {
    const rig = await createRig(switches);
    const key = clientOf(rig, 'trello', 'oauth2').id;
    const answer = await call(rig, probe, keyHeader(rig, await legacyConnect(rig), key));
    expect([answer.status, answer.body]).toEqual([status, words]);
  });

  test.each([
    [[], 200],
    [['trello-token-info'], 401],
  ])('%o: asking about a token with the key alone is %i', async (switches, status) => {
    const rig = await createRig(switches);
    const token = await legacyConnect(rig);
    const { id } = clientOf(rig, 'trello', 'legacy');
    expect((await call(rig, `/tokens/${token}?key=${id}`, '')).status).toBe(status);
    expect((await call(rig, `/tokens/${token}`, keyHeader(rig, token))).status).toBe(200);
    expect(await rig.violations()).toEqual([]);
  });

  test('Deny may stay on a page', async () => {
    const rig = await createRig(['consent-denied', 'trello-denied']);
    await expect(approve(rig.sandbox, legacyUrl(rig))).rejects.toMatchObject({ code: 'provider_refused' });
  });

  test('429 may carry Retry-After, and names one of four limits', async () => {
    const rig = await createRig(['http-429=7', 'trello-retry-after', 'trello-limit=key']);
    const limited = async () => json(await me(rig, 'whatever')).error;
    expect((await me(rig, 'whatever')).headers['retry-after']).toBe('7');
    expect(await limited()).toBe('API_KEY_LIMIT_EXCEEDED');
    await rig.sandbox.control(['trello-limit=database']);
    expect(await limited()).toBe('API_TOKEN_DB_LIMIT_EXCEEDED');
    await rig.sandbox.control(['trello-limit=cards']);
    expect(await limited()).toBe('API_TOO_MANY_CARDS_REQUESTED');
  });

  test('the x-rate-limit headers may be absent', async () => {
    const rig = await createRig(['trello-rate-headers']);
    expect((await me(rig, 'unknown')).headers).not.toHaveProperty('x-rate-limit-api-token-max');
  });
});

describe('how tokens and grants end', () => {
  test('by the person, or by a new password', async () => {
    const rig = await createRig();
    const tokens = await connect(rig);
    await rig.sandbox.control(['revoked-by-user@trello']);
    expect([await works(rig, tokens.access_token), await refreshes(rig, tokens)]).toEqual([false, false]);
    expect(await rig.violations()).toEqual([]);
  });

  test.each(['connection-reset', 'truncate'])('%s at a refresh: sending the token again is no slip', async (fault) => {
    const rig = await createRig();
    const tokens = await connect(rig);
    await rig.sandbox.control([`${fault}@trello.token*1`]);
    await refresh(rig, tokens.refresh_token);
    expect(await refreshes(rig, tokens)).toBe(false);
    expect(await rig.violations()).toEqual([]);
  });

  test('a refused refresh that ends nothing', async () => {
    const rig = await createRig(['invalid-grant*1']);
    const tokens = await connect(rig);
    expect([await refreshes(rig, tokens), await refreshes(rig, tokens)]).toEqual([false, true]);
  });

  test('fewer scopes than were asked for', async () => {
    const { scope } = await connect(await createRig(['reduced-scopes=board']));
    expect(scope).toBe('read:member:trello offline_access');
  });
});
