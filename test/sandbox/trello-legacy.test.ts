// Trello's grant of before: a key, and a token that comes in the fragment and stands in paths.
import { describe, expect, test } from 'vitest';
import { approve } from '../../src/sandbox/approve.ts';
import { otherKey } from '../../src/sandbox/trello/registration.ts';
import { clientOf, createRig, type Form, get, json, post, type Rig } from './rig.ts';
import { call, connect, keyHeader, legacyConnect, legacyUrl, me, probe, returnUrl } from './trello-client.ts';

const info = (rig: Rig, token: string, method = 'GET') => call(rig, `/tokens/${token}`, keyHeader(rig, token), method);
const shown = async (rig: Rig, change: Form) => {
  const url = legacyUrl(rig, change);
  return rig.sandbox.answer({ method: 'GET', url, headers: {}, consent: 'auto' });
};

test('a correct client gets through and leaves no violation', async () => {
  const rig = await createRig();
  const token = await legacyConnect(rig);
  expect(json(await call(rig, probe, keyHeader(rig, token))).id).toBe(rig.apps.trello?.account.id);
  expect(json(await info(rig, token)).dateExpires).toBeNull();
  expect((await info(rig, token, 'DELETE')).status).toBe(200);
  const gone = await call(rig, probe, keyHeader(rig, token));
  expect([gone.status, gone.body]).toEqual([401, 'invalid token']);
  expect((await info(rig, token)).body).toBe('invalid token');
  expect(await rig.violations()).toEqual([]);
});

describe('the way back', () => {
  test('the token is in the fragment of return_url, whose path and query stay', async () => {
    const rig = await createRig();
    const back = await approve(rig.sandbox, legacyUrl(rig));
    expect(back.startsWith(`${returnUrl}#token=ATTA`)).toBe(true);
  });

  test.each(['http://localhost:8252/', 'http://localhost:8253/any/path', 'http://127.0.0.1:8254/x'])(
    '%s: its origin is allowed',
    async (url) => {
      const rig = await createRig();
      expect(await legacyConnect(rig, { return_url: url })).toMatch(/^ATTA/);
    },
  );

  test.each([
    'http://localhost:8255/callback/trello',
    'https://localhost:8252/callback/trello',
    'http://localhost.example/x',
    'nonsense',
  ])('%s: Invalid return_url, on a page', async (url) => {
    const rig = await createRig();
    const page = await shown(rig, { return_url: url });
    expect([page.status, page.body]).toEqual([400, expect.stringContaining('Invalid return_url')]);
    expect(await rig.violations()).toEqual([]);
  });

  test('without return_url the token is shown for pasting', async () => {
    const rig = await createRig();
    const { body } = await shown(rig, { return_url: undefined, callback_method: undefined });
    const token = /<code id="copy">([^<]+)<\/code>/.exec(body)?.[1] ?? '';
    expect((await call(rig, probe, keyHeader(rig, token))).status).toBe(200);
    expect(await rig.violations()).toEqual([]);
  });

  test('no: the error is in the fragment', async () => {
    const rig = await createRig(['consent-denied']);
    expect(await approve(rig.sandbox, legacyUrl(rig))).toBe(`${returnUrl}#error=access_denied`);
  });

  test('a person answers on the page, and unticks what the client may not write', async () => {
    const rig = await createRig();
    expect((await get(rig, legacyUrl(rig))).body).toContain('action="https://trello.com/1/authorize"');
    const request = new URL(legacyUrl(rig)).search.slice(1);
    const form = { request, account: 'grace@example.com', answer: 'allow' };
    const answer = await post(rig, 'https://trello.com/1/authorize', form);
    const token = new URLSearchParams(new URL(answer.headers.location ?? '').hash.slice(1)).get('token') ?? '';
    expect(json(await info(rig, token)).permissions).toContainEqual({
      idModel: '*',
      modelType: 'Board',
      read: true,
      write: false,
    });
    expect(json(await call(rig, probe, keyHeader(rig, token))).fullName).toBe('Grace Hopper');
  });

  test('a form cannot smuggle in an address that is not allowed', async () => {
    const rig = await createRig();
    const request = new URL(legacyUrl(rig, { return_url: 'https://evil.example/' })).search.slice(1);
    const answer = await post(rig, 'https://trello.com/1/authorize', {
      request,
      account: 'ada@example.com',
      answer: 'allow',
    });
    expect([answer.status, answer.headers.location]).toEqual([400, undefined]);
  });
});

describe('the authorization request', () => {
  test.each([
    ['scopes with spaces', { scope: 'read write' }, 'scope'],
    ['another expiration', { expiration: '2days' }, 'expiration'],
    ['postMessage', { callback_method: 'postMessage' }, 'callback_method'],
    ['response_type=code', { response_type: 'code' }, 'response_type'],
    ['no key', { key: undefined }, 'client_id_missing'],
  ])('%s ends on a page and is noted', async (_, change: Form, violation) => {
    const rig = await createRig();
    await expect(approve(rig.sandbox, legacyUrl(rig, change))).rejects.toMatchObject({ code: 'provider_refused' });
    expect(await rig.violations()).toEqual([violation]);
  });

  test.each([
    [{ state: 'a-state-that-holds-256-bits-of-chance' }, 'parameter'],
    [{ client_id: 'x' }, 'parameter'],
    [{ code_challenge: 'x'.repeat(43) }, 'pkce_unwanted'],
  ])('%o is ignored and noted', async (change: Form, violation) => {
    const rig = await createRig();
    expect(await approve(rig.sandbox, legacyUrl(rig, change))).toMatch(/#token=[^&]+$/);
    expect(await rig.violations()).toEqual([violation]);
  });

  test('an OAuth 2.0 client id is no key', async () => {
    const rig = await createRig();
    const key = clientOf(rig, 'trello', 'oauth2').id;
    await expect(approve(rig.sandbox, legacyUrl(rig, { key }))).rejects.toMatchObject({ code: 'provider_refused' });
  });
});

describe('the token', () => {
  test.each([
    ['1hour', 3600],
    ['1day', 86_400],
    ['30days', 2_592_000],
  ])('%s', async (expiration, seconds) => {
    const rig = await createRig();
    const token = await legacyConnect(rig, { expiration });
    expect(json(await info(rig, token)).dateExpires).toBe(
      new Date(rig.now() + seconds * 1000).toISOString().replace('.000', ''),
    );
    rig.advance(seconds - 1);
    expect((await call(rig, probe, keyHeader(rig, token))).status).toBe(200);
    rig.advance(1);
    expect((await call(rig, probe, keyHeader(rig, token))).body).toBe('invalid token');
    expect(await rig.violations()).toEqual([]);
  });

  test('never, and what is told about it', async () => {
    const rig = await createRig();
    const token = await legacyConnect(rig);
    rig.advance(400 * 86_400);
    const facts = json(await info(rig, token));
    expect(facts).toMatchObject({
      idMember: rig.apps.trello?.account.id,
      dateCreated: '2026-11-25T10:00:00Z',
      dateExpires: null,
      permissions: [
        { idModel: rig.apps.trello?.account.id, modelType: 'Member', read: true, write: true },
        { idModel: '*', modelType: 'Board', read: true, write: true },
        { idModel: '*', modelType: 'Organization', read: true, write: true },
      ],
    });
    expect(JSON.stringify(facts)).not.toContain(token);
    const owner = await call(rig, `/tokens/${token}/member?fields=username`, keyHeader(rig, token));
    expect(json(owner)).toEqual({ id: rig.apps.trello?.account.id, username: 'adalovelace' });
  });

  test('it belongs to its key', async () => {
    const rig = await createRig();
    const token = await legacyConnect(rig);
    const answer = await call(rig, probe, keyHeader(rig, token, otherKey.id));
    expect([answer.status, answer.body]).toEqual([401, 'invalid token']);
    expect(await rig.violations()).toEqual(['token_of_another']);
  });

  test.each([
    ['a key that nobody has', 'f'.repeat(32), []],
    ['no key', '', ['key_missing']],
  ])('%s: invalid key', async (_, key, violations) => {
    const rig = await createRig();
    const token = await legacyConnect(rig);
    const answer = await call(rig, probe, keyHeader(rig, token, key));
    expect([answer.status, answer.body]).toEqual([401, 'invalid key']);
    expect(await rig.violations()).toEqual(violations);
  });

  test('key and token in the query work, and are noted', async () => {
    const rig = await createRig();
    const token = await legacyConnect(rig);
    const { id } = clientOf(rig, 'trello', 'legacy');
    expect((await call(rig, `${probe}&key=${id}&token=${token}`, '')).status).toBe(200);
    expect(await rig.violations()).toEqual(['secret_in_url']);
  });

  test('the tokens of one way are nothing in the other', async () => {
    const rig = await createRig();
    const legacy = await legacyConnect(rig);
    const { access_token } = await connect(rig);
    expect((await me(rig, legacy)).status).toBe(401);
    expect((await call(rig, probe, keyHeader(rig, access_token))).status).toBe(401);
    expect(await rig.violations()).toEqual(['wrong_scheme', 'token_of_another']);
  });

  test('deleting one leaves the others', async () => {
    const rig = await createRig();
    const [first, second] = [await legacyConnect(rig), await legacyConnect(rig)];
    await info(rig, first, 'DELETE');
    expect([(await info(rig, first)).status, (await info(rig, second)).status]).toEqual([401, 200]);
  });

  test('the person removes the app', async () => {
    const rig = await createRig();
    const token = await legacyConnect(rig);
    await rig.sandbox.control(['revoked-by-user@trello']);
    expect((await info(rig, token)).body).toBe('invalid token');
    expect(await rig.violations()).toEqual([]);
  });
});

test('a token in a path reaches neither the disk nor the violation log', async () => {
  const rig = await createRig();
  const token = await legacyConnect(rig);
  await info(rig, token, 'POST');
  await call(rig, `/tokens/${token}/nothing`, '');
  await call(rig, `/tokens/${token}`, '', 'DELETE');
  expect(await rig.violations()).toEqual(['wrong_method', 'unknown_path', 'key_missing']);
  expect(JSON.stringify(await rig.sandbox.violations())).not.toContain(token.slice(0, 20));
  expect(rig.stateText()).not.toContain(token.slice(0, 20));
});
