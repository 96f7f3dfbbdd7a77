// A certified client that knows nothing of this project gets through, signatures checked: the sandbox is not merely self-consistent.
import { createRemoteJWKSet, customFetch as joseFetch, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { expect, test } from 'vitest';
import { approve } from '../../src/sandbox/approve.ts';
import { fetchThrough } from '../../src/sandbox/fetch-through.ts';
import { createRig, gmailReadonly, type Rig, redirectUri } from './rig.ts';

/** The web's fetch, with the sandbox behind it. */
function webFetch(rig: Rig) {
  const through = fetchThrough(rig.sandbox);
  return async (url: string, init: Pick<RequestInit, 'method' | 'headers'> & { body?: unknown }) => {
    const headers = Object.fromEntries(new Headers(init.headers).entries());
    const body = init.body instanceof URLSearchParams ? init.body.toString() : undefined;
    const method = (init.method ?? 'GET') as 'GET' | 'POST';
    const answer = await through({ method, url, headers, body, timeoutMs: 8000 });
    return new Response(answer.body, { status: answer.status, headers: answer.headers });
  };
}

test.each(['query', 'basic'])('discovery, consent, exchange, refresh, userinfo, revocation (%s)', async (auth) => {
  const rig = await createRig();
  const secret = rig.app.clientSecret?.reveal();
  // The certified client checks times against the machine's clock.
  const offset = Math.round((Date.now() - rig.now()) / 1000);
  await rig.sandbox.control([`clock-offset=${offset}`]);
  const customFetch = webFetch(rig);
  const config = await oidc.discovery(
    new URL('https://accounts.google.com'),
    rig.app.clientId,
    undefined,
    auth === 'basic' ? oidc.ClientSecretBasic(secret) : oidc.ClientSecretPost(secret),
    { [oidc.customFetch]: customFetch, execute: [oidc.enableNonRepudiationChecks] },
  );
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const expectedState = oidc.randomState();
  const expectedNonce = oidc.randomNonce();
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: `openid email ${gmailReadonly}`,
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    access_type: 'offline',
    prompt: 'consent',
  });
  const callback = new URL(await approve(rig.sandbox, url.href));
  const checks = { pkceCodeVerifier, expectedState, expectedNonce };
  const tokens = await oidc.authorizationCodeGrant(config, callback, checks);
  const sub = tokens.claims()?.sub ?? '';
  expect(sub).toBe(rig.app.account.id);

  const again = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? '');
  expect(again.refresh_token).toBeUndefined();
  expect(await oidc.fetchUserInfo(config, again.access_token, sub)).toMatchObject({ email: 'ada@example.com' });

  const keys = createRemoteJWKSet(new URL('https://www.googleapis.com/oauth2/v3/certs'), { [joseFetch]: customFetch });
  const expected = { issuer: 'https://accounts.google.com', audience: rig.app.clientId };
  await jwtVerify(again.id_token ?? '', keys, expected);
  await expect(jwtVerify(`${again.id_token}A`, keys, expected)).rejects.toThrow();

  expect(await rig.violations()).toEqual([]);
  await oidc.tokenRevocation(config, tokens.refresh_token ?? '');
  await expect(oidc.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
    error: 'invalid_grant',
  });
  expect(await rig.violations()).toEqual([]);
});
