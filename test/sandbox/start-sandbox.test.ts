// The sandbox as a library: what `import { startSandbox } from 'oauthctl/sandbox'` gives, over real sockets.
import { createHash } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import type * as published from '../../sandbox.d.ts';
import { startSandbox } from '../../src/start-sandbox.ts';

/** The program is what its description says; this line does not compile otherwise. */
const start: typeof published.startSandbox = startSandbox;

const running: published.RunningSandbox[] = [];

async function started(options?: published.SandboxOptions): Promise<published.RunningSandbox> {
  const sandbox = await start(options);
  running.push(sandbox);
  return sandbox;
}

afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.close();
});

const form = (members: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(members) });

const verifier = 'a-verifier-of-more-than-forty-three-characters-0';
const redirectUri = 'http://127.0.0.1:49152/cb';

async function signIn(sandbox: published.RunningSandbox) {
  const client = sandbox.apps.gmail?.clients.desktop;
  if (client === undefined) throw new Error('no such client');
  const request = new URLSearchParams({
    client_id: client.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid email',
    state: 'a-state-of-more-than-twenty-two-characters',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const consent = await fetch(sandbox.address(`https://accounts.google.com/o/oauth2/v2/auth?${request.toString()}`), {
    redirect: 'manual',
  });
  const code = new URL(consent.headers.get('location') ?? '').searchParams.get('code') ?? '';
  return fetch(
    sandbox.address('https://oauth2.googleapis.com/token'),
    form({
      grant_type: 'authorization_code',
      client_id: client.clientId,
      client_secret: client.clientSecret ?? '',
      code,
      code_verifier: verifier,
      redirect_uri: redirectUri,
    }),
  );
}

test('a program of any kind signs in, with nobody at the browser', async () => {
  const sandbox = await started();
  const answer = await signIn(sandbox);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ token_type: 'Bearer', refresh_token: expect.any(String) });
  expect(await sandbox.violations()).toEqual([]);
  expect(sandbox.apps.gmail?.account.name).toBe('ada@example.com');
});

test('two of them know nothing of each other, and what is wrong is noted', async () => {
  const [one, other] = [await started(), await started()];
  await fetch(one.address('https://oauth2.googleapis.com/token'), form({ grant_type: 'password' }));
  expect((await one.violations()).map(({ place }) => place)).toContain('token');
  expect(await other.violations()).toEqual([]);
});

test('only the services that were asked for are served', async () => {
  const sandbox = await started({ providers: ['gmail'] });
  expect((await fetch(sandbox.address('https://oauth2.googleapis.com/token'), form({}))).status).toBe(400);
  expect((await fetch(sandbox.address('https://api.notion.com/v1/users/me'))).status).toBe(404);
  expect(Object.keys(sandbox.apps)).toEqual(['gmail']);
  await expect(start({ providers: ['gmial'] })).rejects.toMatchObject({
    code: 'invalid_value',
    message: expect.stringContaining("did you mean 'gmail'?"),
  });
});

test('faults can be there from the start, and switched while it runs', async () => {
  const sandbox = await started({ faults: ['http-429=7@gmail.token*1'] });
  const limited = await signIn(sandbox);
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
  expect((await signIn(sandbox)).status).toBe(200);
  expect(await sandbox.switch('http-5xx=503')).toEqual(['http-5xx=503']);
  expect((await signIn(sandbox)).status).toBe(503);
  expect(await sandbox.switch('reset')).toEqual([]);
  await expect(sandbox.switch('http-999')).rejects.toMatchObject({ code: 'invalid_value' });
  await expect(start({ faults: ['nonsense'] })).rejects.toMatchObject({ code: 'invalid_value' });
  const unserved = start({ providers: ['slack'], faults: ['http-429@github.token'] });
  await expect(unserved).rejects.toMatchObject({
    code: 'invalid_value',
    message: expect.stringContaining('not served'),
  });
});

test('its clock can be the caller’s', async () => {
  const at = Date.parse('2030-01-02T03:04:05Z');
  const answer = await signIn(await started({ now: () => at }));
  expect(Date.parse(answer.headers.get('date') ?? '')).toBe(at);
});
