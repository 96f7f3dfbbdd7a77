// The checks of an id_token, and the account that it names.
import { describe, expect, test } from 'vitest';
import { CliError } from '../../src/errors.ts';
import { accountIn } from '../../src/oauth/identity.ts';
import { refreshGrant } from '../../src/oauth/refresh.ts';
import { check, jwks, signed } from './id-token-rig.ts';
import { issuer, json, makePeer, makeProvider, nowAt, portsOver, spendingOf, text, withEndpoints } from './rig.ts';
import { claimsOf, createSigner } from './signed-tokens.ts';

const tampered = async () => {
  const [header, , signature] = (await signed()).split('.');
  const payload = Buffer.from(JSON.stringify(claimsOf({ sub: 'eve' }))).toString('base64url');
  return [header, payload, signature].join('.');
};

test('a good one', async () => {
  expect(await check(await signed())).toMatchObject({ sub: 'ann-1' });
});

test.each(['RS256', 'PS256', 'ES256', 'Ed25519'])('signed by %s', async (alg) => {
  const other = await createSigner(alg);
  const claims = await check(await other.sign(claimsOf()), { keys: json(200, other.keys) });
  expect(claims.sub).toBe('ann-1');
});

describe('refused', () => {
  test.each([
    ['a tampered payload', tampered, 'signature'],
    ['a foreign key', async () => (await createSigner()).sign(claimsOf()), 'signature'],
    ['no signature at all', async () => `${(await signed()).split('.').slice(0, 2).join('.')}.`, 'signature'],
    [
      'alg none',
      async () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await signed()).split('.')[1]}.`,
      'alg',
    ],
    ['another audience', () => signed({ aud: 'other-client' }), '"aud"'],
    ['several audiences without azp', () => signed({ aud: ['the-client', 'other'] }), '"aud"'],
    ['another azp', () => signed({ aud: ['the-client', 'other'], azp: 'other' }), '"azp"'],
    ['another issuer', () => signed({ iss: 'https://evil.example' }), '"iss"'],
    ['the issuer with a slash', () => signed({ iss: `${issuer}/` }), '"iss"'],
    ['the bare host where the data names none', () => signed({ iss: 'id.acme.example' }), '"iss"'],
    ['another nonce', () => signed({ nonce: 'other' }), 'nonce'],
    ['no nonce', () => signed({ nonce: undefined }), 'nonce'],
    ['expired by more than a minute', () => signed({ exp: nowAt / 1000 - 61 }), 'expired'],
    ['not valid for more than a minute', () => signed({ nbf: nowAt / 1000 + 61 }), 'not valid yet'],
    ['no exp', () => signed({ exp: undefined }), 'exp'],
    ['no sub', () => signed({ sub: undefined }), 'sub'],
    ['no JWT', async () => 'just-a-text', 'not a signed token'],
  ])('%s', async (_, make, words) => {
    const idToken = await make();
    const error = await check(idToken).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CliError);
    expect(error).toMatchObject({ code: 'bad_response', hint: 'oauthctl connect acme' });
    expect((error as CliError).message).toMatch(new RegExp(`^the id_token of Acme is refused: .*${words}`));
    expect((error as CliError).message).not.toContain(idToken);
  });
});

test.each([
  [json(503, {}), 'provider_unavailable', /HTTP 503/],
  [json(404, {}), 'bad_response', /HTTP 404/],
  [text(200, '<html>'), 'bad_response', /answered HTTP 200/],
] as const)('keys that do not come are no fault of the token', async (keys, code, words) => {
  const error = await check(await signed(), { keys }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code, message: expect.stringContaining(`could not be fetched from ${issuer}/keys`) });
  expect((error as CliError).message).toMatch(words);
});

describe('taken', () => {
  test.each([
    ['an audience in a list', { aud: ['the-client'] }],
    ['several audiences with our azp', { aud: ['the-client', 'other'], azp: 'the-client' }],
    ['expired within a minute', { exp: nowAt / 1000 - 59 }],
    ['valid within a minute', { nbf: nowAt / 1000 + 59 }],
    ['issued by a clock that is ahead', { iat: nowAt / 1000 + 3600 }],
  ])('%s', async (_, changes) => {
    expect((await check(await signed(changes))).sub).toBe('ann-1');
  });

  test('another spelling of the issuer that the data names', async () => {
    const provider = { issuerAliases: ['id.acme.example'] };
    expect((await check(await signed({ iss: 'id.acme.example' }), { provider })).sub).toBe('ann-1');
    await expect(check(await signed({ iss: 'evil.example' }), { provider })).rejects.toMatchObject({
      code: 'bad_response',
    });
  });

  test('no nonce where none could be sent', async () => {
    expect((await check(await signed({ nonce: undefined }), { nonce: null })).sub).toBe('ann-1');
  });

  test('the claims alone, where the provider publishes no keys or the signature is not wanted', async () => {
    const unused = new Error('no keys are to be fetched');
    expect((await check(await tampered(), { provider: withEndpoints({ jwks: null }), keys: unused })).sub).toBe('eve');
    expect((await check(await tampered(), { signature: false, keys: unused })).sub).toBe('eve');
  });
});

describe('the clocks', () => {
  const [anHourBefore, now, anHourAfter] = [-3600, 0, 3600].map((seconds) =>
    new Date(nowAt + seconds * 1000).toUTCString(),
  );
  const seconds = nowAt / 1000;

  test.each([
    ['ours and the server’s', { exp: seconds + 600 }, now],
    ['ours alone', { exp: seconds + 600 }, anHourAfter],
    ['the server’s alone, which is behind', { exp: seconds - 3000 }, anHourBefore],
    ['the server’s alone, which is ahead', { exp: seconds + 4200, nbf: seconds + 3600 }, anHourAfter],
  ])('it holds by %s', async (_, times, date) => {
    await expect(check(await signed(times), { date })).resolves.toMatchObject(times);
  });

  test.each([
    [{ exp: seconds - 600 }, now, 'it has expired'],
    [{ exp: seconds - 600 }, anHourAfter, 'it has expired'],
    [{ exp: seconds + 9000, nbf: seconds + 7200 }, anHourAfter, 'it is not valid yet'],
    [{ exp: seconds - 600 }, undefined, "it has expired, or this machine's clock is wrong"],
    [{ exp: seconds - 600 }, 'yesterday', "it has expired, or this machine's clock is wrong"],
  ])('%j by none of them (%s): %s', async (times, date, why) => {
    await expect(check(await signed(times), { date })).rejects.toMatchObject({
      message: `the id_token of Acme is refused: ${why}`,
      hint: 'oauthctl connect acme',
    });
  });
});

test.each([
  ['no connection', new CliError('unreachable', 'no route'), 'unreachable'],
  ['a redirect', text(302, '', { location: 'https://evil.example' }), 'bad_response'],
  ['HTML', text(200, '<html>'), 'bad_response'],
  ['no keys', json(200, { keys: [] }), 'bad_response'],
])('keys that cannot be had: %s', async (_, keys, code) => {
  await expect(check(await signed(), { keys })).rejects.toMatchObject({ code });
});

test('keys are fetched from no address that is refused', async () => {
  const provider = withEndpoints({ jwks: 'http://id.acme.example/keys' });
  await expect(check(await signed(), { provider })).rejects.toMatchObject({
    message: expect.stringMatching(/^JWKS endpoint '.*' is refused: plain http/),
  });
});

describe('the account', () => {
  const rule = (idClaims: string[], nameClaims = ['email', 'name']) =>
    makeProvider({ account: { idClaims, nameClaims } });
  test.each([
    [{ sub: 'a', email: 'x@y' }, rule(['sub']), { id: 'a', name: 'x@y' }],
    [{ tid: 't', oid: 7, name: 'N' }, rule(['tid', 'oid']), { id: 't:7', name: 'N' }],
    [{ tid: 't' }, rule(['tid', 'oid']), { id: null, name: null }],
    [{ sub: '' }, rule(['sub']), { id: null, name: null }],
    [{ sub: 'a', email: '' }, rule([]), { id: null, name: null }],
    [{ sub: 'a', email: 'x\u202e@y\u001b[31m' }, rule(['sub']), { id: 'a', name: 'x@y [31m' }],
  ])('%j', (claims, provider, account) => {
    expect(accountIn(claims, provider)).toEqual(account);
  });
});

describe('at a refresh', () => {
  const refresh = (
    idToken: string,
    accountId: string | null = 'ann-1',
    requests: string[] = [],
    scopes: readonly string[] = ['openid'],
  ) =>
    refreshGrant(
      makePeer(jwks),
      spendingOf('refresh-1', scopes, accountId),
      portsOver(async ({ url }) => {
        requests.push(url);
        return json(200, { access_token: 'access-2', refresh_token: 'refresh-2', id_token: idToken });
      }),
    );

  test('one that was not asked for says nothing: the account may be known by another kind of id', async () => {
    const result = await refresh(await signed({ nonce: undefined }), 'user-4711', [], ['mail']);
    if (result.kind !== 'granted') throw new Error(result.kind);
    expect([result.tokens.refresh?.reveal(), result.idToken]).toEqual(['refresh-2', null]);
  });

  test('nothing is fetched between the answer and its being saved', async () => {
    const requests: string[] = [];
    const result = await refresh(await signed({ nonce: undefined }), 'ann-1', requests);
    expect(result).toMatchObject({ kind: 'granted' });
    expect(result.kind === 'granted' && result.idToken?.reveal()).toBeTruthy();
    expect(requests).toEqual([`${issuer}/token`]);
  });

  test('another subject is refused, and the refusal kills nothing', async () => {
    expect(await refresh(await signed({ sub: 'eve' }))).toMatchObject({
      kind: 'refused',
      means: 'unknown',
      words: 'the answer belongs to another account (eve), so it was thrown away',
    });
  });

  test.each([
    ['whose it is was never known', () => signed({ sub: 'eve' }), null, true],
    ['an expired id_token is dropped', () => signed({ exp: 1 }), 'ann-1', false],
    ['one for another client is dropped', () => signed({ aud: 'other' }), 'ann-1', false],
    ['one that is no JWT is dropped', async () => 'x', 'ann-1', false],
  ])('%s: the tokens beside it are kept', async (_, make, accountId, kept) => {
    const result = await refresh(await make(), accountId);
    if (result.kind !== 'granted') throw new Error(result.kind);
    expect(result.tokens.refresh?.reveal()).toBe('refresh-2');
    expect(result.idToken !== null).toBe(kept);
  });
});
