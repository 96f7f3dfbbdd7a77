// How grants end: revocation, idleness, Testing, too many of them; and what the dead are told.
import { describe, expect, test } from 'vitest';
import { connect, consented, createRig, driveFile, get, json, post, type Rig, refresh, type Tokens } from './rig.ts';

const revokeUrl = 'https://oauth2.googleapis.com/revoke';
const day = 86_400;

const works = async (rig: Rig, tokens: Tokens) => (await refresh(rig, tokens.refresh_token)).status === 200;

const tokenWorks = async (rig: Rig, token: string) =>
  (await post(rig, 'https://oauth2.googleapis.com/tokeninfo', { access_token: token })).status === 200;

describe('revoking', () => {
  test.each(['refresh_token', 'access_token'] as const)('by %s kills both tokens', async (which) => {
    const rig = await createRig();
    const tokens = await connect(rig);
    const answer = await post(rig, revokeUrl, { token: tokens[which] });
    expect([answer.status, json(answer)]).toEqual([200, {}]);
    expect(await works(rig, tokens)).toBe(false);
    expect(await tokenWorks(rig, tokens.access_token)).toBe(false);
  });

  test('kills what the account gave to the whole project: Gmail and Drive go together', async () => {
    const rig = await createRig();
    const gmail = await connect(rig);
    const drive = await connect(rig, { scope: `openid ${driveFile}` });
    await post(rig, revokeUrl, { token: gmail.refresh_token });
    expect([await works(rig, drive), await tokenWorks(rig, drive.access_token)]).toEqual([false, false]);
  });

  test('leaves another account’s grants alone', async () => {
    const rig = await createRig();
    const ada = await connect(rig);
    const grace = await connect(rig, { login_hint: 'grace@example.com' });
    await post(rig, revokeUrl, { token: ada.refresh_token });
    expect([await works(rig, ada), await works(rig, grace)]).toEqual([false, true]);
  });

  test('what is dead already is 400 invalid_token, or is accepted', async () => {
    const rig = await createRig();
    const tokens = await connect(rig);
    await post(rig, revokeUrl, { token: tokens.refresh_token });
    const again = await post(rig, revokeUrl, { token: tokens.refresh_token });
    expect([again.status, json(again).error]).toEqual([400, 'invalid_token']);
    await rig.sandbox.control(['revoke-dead']);
    expect((await post(rig, revokeUrl, { token: tokens.access_token })).status).toBe(200);
    expect(await rig.violations()).toEqual([]);
  });

  test('takes a token from the query of a POST, and notices; takes nothing by GET', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig);
    const url = `${revokeUrl}?token=${encodeURIComponent(refresh_token)}`;
    expect((await get(rig, url)).status).toBe(404);
    expect((await post(rig, url, {})).status).toBe(200);
    expect((await post(rig, revokeUrl, {})).status).toBe(400);
    expect(await rig.violations()).toEqual(['wrong_method', 'secret_in_url', 'token_missing']);
  });

  test('a person can do it in the account settings', async () => {
    const rig = await createRig();
    const tokens = await connect(rig);
    expect((await rig.sandbox.control(['revoked-by-user'])).switches).toEqual(['revoked-by-user=on*1']);
    expect(json(await refresh(rig, tokens.refresh_token))).toEqual({
      error: 'invalid_grant',
      error_description: 'Token has been expired or revoked.',
    });
    const again = await connect(rig);
    expect(await works(rig, again)).toBe(true);
    expect((await rig.sandbox.control([])).switches).toEqual([]);
  });
});

describe('time', () => {
  test('an access token lives 3599 seconds', async () => {
    const rig = await createRig();
    const { access_token } = await connect(rig);
    rig.advance(3598);
    expect(await tokenWorks(rig, access_token)).toBe(true);
    rig.advance(1);
    expect(await tokenWorks(rig, access_token)).toBe(false);
  });

  test('half a year without use ends a grant; use keeps it', async () => {
    const rig = await createRig();
    const tokens = await connect(rig);
    for (const _ of [1, 2]) {
      rig.advance(180 * day);
      expect(await works(rig, tokens)).toBe(true);
    }
    rig.advance(183 * day);
    expect(await works(rig, tokens)).toBe(false);
  });

  test('a grant that ended lately is told apart from one that never was', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig);
    await post(rig, revokeUrl, { token: refresh_token });
    const words = async () => json(await refresh(rig, refresh_token)).error_description;
    expect(await words()).toBe('Token has been expired or revoked.');
    rig.advance(day);
    expect(await words()).toBe('Bad Request');
  });

  test('in Testing a grant ends after seven days, used or not, and says so', async () => {
    const rig = await createRig(['testing']);
    const tokens = await connect(rig);
    expect(tokens.refresh_token_expires_in).toBe(604_799);
    rig.advance(6 * day);
    const later = json<Tokens>(await refresh(rig, tokens.refresh_token));
    expect(later.refresh_token_expires_in).toBe(day);
    rig.advance(day - 1);
    expect(await works(rig, tokens)).toBe(true);
    rig.advance(1);
    expect(await works(rig, tokens)).toBe(false);
  });

  test('it may end without having said so, and publishing the app does not save it', async () => {
    const rig = await createRig(['testing=silent']);
    const tokens = await connect(rig);
    expect(tokens).not.toHaveProperty('refresh_token_expires_in');
    await rig.sandbox.control(['testing=off']);
    rig.advance(7 * day);
    expect(await works(rig, tokens)).toBe(false);
  });

  test('in Testing identity scopes are exempt', async () => {
    const rig = await createRig(['testing']);
    const tokens = await connect(rig, { scope: 'openid email profile' });
    expect(tokens).not.toHaveProperty('refresh_token_expires_in');
    rig.advance(8 * day);
    expect(await works(rig, tokens)).toBe(true);
  });
});

test('the 101st grant of an account and client silently ends the oldest', async () => {
  const rig = await createRig();
  const oldest = await connect(rig);
  const second = await connect(rig);
  const grace = await connect(rig, { login_hint: 'grace@example.com' });
  for (let count = 0; count < 98; count++) await connect(rig, { scope: driveFile });
  expect(await works(rig, oldest)).toBe(true);
  const newest = await connect(rig, { scope: driveFile });
  expect([await works(rig, oldest), await works(rig, second), await works(rig, newest)]).toEqual([false, true, true]);
  expect(await works(rig, grace)).toBe(true);
  expect(await tokenWorks(rig, oldest.access_token)).toBe(true);
});

test('consent is remembered until it is revoked', async () => {
  const rig = await createRig();
  const tokens = await connect(rig);
  expect((await consented(rig, { prompt: 'none' })).searchParams.has('code')).toBe(true);
  await post(rig, revokeUrl, { token: tokens.access_token });
  expect((await consented(rig, { prompt: 'none' })).searchParams.get('error')).toBe('interaction_required');
});
