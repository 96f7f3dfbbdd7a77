// The real program against servers that answer as no server should: what it says, how it ends, that the grant is kept, that
// no redirect is followed, and that nothing of theirs steers the terminal. A whole tree is made once and copied per test.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerOf, env, pageIn, startRig } from './support/hostile-rig.ts';
import * as hostile from './support/hostile-server.ts';
import { mustSucceed, oauthctl, temporaryFolder } from './support/run.ts';

const { server, elsewhere, addedHome, connectedHome } = await startRig();
const run = (home: string, ...args: string[]) => oauthctl(args, home, { env });
const asks = (path: string) => server.asked.filter((line) => line.endsWith(path)).length;

type Case = readonly [name: string, misbehaviour: hostile.Misbehaviour, exit: number, code: string, says: RegExp];

/** What becomes of a refresh token is unknown whenever the server may have acted. */
const refreshes: readonly Case[] = [
  ['a web page', hostile.html(200), 6, 'grant_uncertain', /answered HTTP 200 with an HTML page/],
  ['a web page of a proxy', hostile.html(502), 6, 'grant_uncertain', /HTTP 502|cannot answer now/],
  ['a web page that forbids', hostile.html(403), 5, 'provider_refused', /HTTP 403 with an HTML page/],
  [
    'half of the JSON',
    hostile.body(200, 'application/json', '{"access_token":"ha'),
    6,
    'grant_uncertain',
    /breaks off/,
  ],
  ['half of the body', hostile.cutShort, 6, 'grant_uncertain', /closed the connection before its answer was complete/],
  ['ten megabytes', hostile.tooLong, 6, 'grant_uncertain', /more than 1 MiB/],
  ['nothing', hostile.body(200, 'application/json', ''), 6, 'grant_uncertain', /nothing in it/],
  ['a list', hostile.body(200, 'application/json', '["access_token"]'), 6, 'grant_uncertain', /broke the protocol/],
  ['JSON without end', hostile.body(200, 'application/json', '['.repeat(500_000)), 6, 'grant_uncertain', /breaks off/],
  ['deep JSON', hostile.body(200, 'application/json', deep(100_000)), 6, 'grant_uncertain', /access_token/],
  ['invalid UTF-8', hostile.body(200, 'application/json', brokenText()), 6, 'grant_uncertain', /foreign characters/],
  ['a reset', hostile.reset, 6, 'grant_uncertain', /closed the connection/],
  ['something that is not HTTP', hostile.bytes('SSH-2.0-OpenSSH_9.6\r\n'), 6, 'grant_uncertain', /is not HTTP/],
  ['endless headers', hostile.bytes(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(40_000)}`), 6, 'grant_uncertain', /16 KiB/],
  [
    'an error inside a success',
    hostile.json(200, { error: 'invalid_grant' }),
    4,
    'reconnect_required',
    /invalid_grant/,
  ],
  ['an error that is a form', formError(), 4, 'reconnect_required', /invalid_grant/],
  ['an unknown error', hostile.json(400, { error: 'out_of_cheese' }), 5, 'provider_refused', /out_of_cheese/],
  ['a token of another kind', hostile.json(200, dpop()), 6, 'grant_uncertain', /proof that nobody asked for/],
  ['a redirect to itself', hostile.redirectTo('/token', 307), 6, 'grant_uncertain', /redirects are never followed/],
  ['a redirect elsewhere', away(307), 6, 'grant_uncertain', /a redirect to http:\/\/127\.0\.0\.1:\d+: redirects are/],
  ['a permanent redirect elsewhere', away(308), 6, 'grant_uncertain', /redirects are never followed/],
  ['a redirect to a script', hostile.redirectTo('javascript:alert(1)'), 6, 'grant_uncertain', /never followed/],
];

function away(status: number) {
  return hostile.redirectTo(`${elsewhere.issuer}/token`, status);
}

function deep(levels: number) {
  return `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
}

function brokenText() {
  return Buffer.concat([
    Buffer.from('{"access_token":"a'),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('","token_type":"Bearer"}'),
  ]);
}

function formError() {
  return hostile.body(400, 'application/x-www-form-urlencoded', 'error=invalid_grant&error_description=gone');
}

function dpop() {
  return { access_token: 'a', token_type: 'DPoP', expires_in: 60 };
}

describe('a refresh is answered with', () => {
  test.each(refreshes)('%s', async (_, misbehaviour, exit, code, says) => {
    const home = connectedHome();
    server.instead.set('/token', misbehaviour);
    const ran = await run(home, 'refresh', 'acme', '--json', '--timeout', '1');
    const [{ problem }] = answerOf(ran).data.results;
    expect({ exit: ran.exit, code: problem.code }).toEqual({ exit, code });
    expect(problem.message).toMatch(says);
    expect(problem.hint).toMatch(/oauthctl \w+/);
    // Asked once, and nobody else was.
    expect(asks('/token')).toBe(1);
    expect(elsewhere.asked).toEqual([]);
    // The grant is kept, and works when the server does.
    server.instead.clear();
    expect(answerOf(await run(home, 'refresh', 'acme', '--json')).data.results).toMatchObject([
      { outcome: 'refreshed', problem: null },
    ]);
  });

  // A single-use token is not given up on early, whatever --timeout says.
  test('drops, for ever', { timeout: 60_000 }, async () => {
    const home = connectedHome();
    server.instead.set('/token', hostile.dripping);
    const ran = await run(home, 'refresh', 'acme', '--json', '--timeout', '1');
    expect({ exit: ran.exit, ...answerOf(ran).data.results[0].problem }).toMatchObject({
      exit: 6,
      code: 'grant_uncertain',
      message: expect.stringContaining('did not answer within 20 s'),
    });
    server.instead.clear();
    expect((await run(home, 'refresh', 'acme')).exit).toBe(0);
  });

  test('a form, which is taken (some servers answer so)', async () => {
    const home = connectedHome();
    const form = 'access_token=formed&token_type=bearer&expires_in=3600&scope=openid+mail';
    server.instead.set('/token', hostile.body(200, 'application/x-www-form-urlencoded', form));
    expect((await run(home, 'refresh', 'acme')).exit).toBe(0);
    expect((await run(home, 'token', 'acme')).stdout).toBe('formed\n');
  });

  test('nobody at all: nothing was spent', async () => {
    const home = temporaryFolder();
    const gone = await hostile.startHostileServer();
    await mustSucceed(['provider', 'add', 'acme', '--issuer', gone.issuer, '--scope', 'openid'], home, { env });
    await mustSucceed(['connect', 'acme'], home, { env });
    gone.close();
    const ran = await run(home, 'refresh', 'acme', '--json');
    const results = [{ outcome: 'unreachable', problem: { code: 'unreachable' } }];
    expect({ exit: ran.exit, ...answerOf(ran).data }).toMatchObject({ exit: 6, results });
  });

  test('nothing, since its endpoint was moved in the file of the provider: nobody there is asked', async () => {
    const home = connectedHome();
    const path = join(home, '.config/oauthctl/providers/acme.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace(`${server.issuer}/token`, `${elsewhere.issuer}/token`));
    const before = elsewhere.asked.length;
    const ran = await run(home, 'refresh', 'acme', '--json');
    const results = [{ outcome: 'failed', problem: { code: 'issuer_mismatch' } }];
    expect({ exit: ran.exit, ...answerOf(ran).data }).toMatchObject({ exit: 5, results });
    expect(elsewhere.asked.length).toBe(before);
  });
});

/** No code is exchanged twice, and what was not understood is not stored. */
const exchanges: readonly Case[] = [
  ['a web page', hostile.html(200), 5, 'bad_response', /answered HTTP 200 with an HTML page/],
  ['half of the JSON', hostile.body(200, 'application/json', '{"access_token":"ha'), 5, 'bad_response', /breaks off/],
  ['ten megabytes', hostile.tooLong, 5, 'bad_response', /more than 1 MiB/],
  ['drops, for ever', hostile.dripping, 6, 'timed_out', /did not answer within 1 s/],
  ['a reset', hostile.reset, 6, 'unreachable', /closed the connection/],
  ['an error inside a success', hostile.json(200, { error: 'invalid_client' }), 5, 'app_rejected', /invalid_client/],
  ['a redirect elsewhere', away(307), 5, 'bad_response', /redirects are never followed/],
];

describe('the exchange of a code is answered with', () => {
  test.each(exchanges)('%s', async (_, misbehaviour, exit, code, says) => {
    const home = addedHome();
    server.instead.set('/token', misbehaviour);
    const ran = await run(home, 'connect', 'acme', '--json', '--timeout', '1');
    const { error } = answerOf(ran);
    expect({ exit: ran.exit, code: error.code }).toEqual({ exit, code });
    expect(error.message).toMatch(says);
    expect(error.hint).toBeTruthy();
    expect(asks('/token')).toBe(1);
    expect(elsewhere.asked).toEqual([]);
    expect(pageIn(home)).toContain('acme is not connected');
    expect((await run(home, 'list')).stdout).toBe('');
  });

  test('a good one, and userinfo with a web page: the grant is stored, its account unknown', async () => {
    const home = addedHome();
    server.instead.set('/userinfo', hostile.html(200));
    const ran = await run(home, 'connect', 'acme', '--json');
    expect(ran.exit).toBe(0);
    const { data, warnings } = answerOf(ran);
    expect(data.connection.account).toEqual({ id: null, name: null });
    expect(warnings).toEqual([
      expect.stringMatching(/^whose grant this is could not be asked now: acme broke .* HTML page$/),
    ]);
  });
});

const checks: readonly Case[] = [
  ['a web page', hostile.html(200), 6, 'bad_response', /HTML page/],
  ['a web page that forbids', hostile.html(403), 8, 'app_rejected', /HTTP 403 with an HTML page/],
  ['half of the JSON', hostile.body(200, 'application/json', '{"sub":"acc'), 6, 'bad_response', /breaks off/],
  ['ten megabytes', hostile.tooLong, 6, 'bad_response', /more than 1 MiB/],
  ['silence', hostile.silent, 6, 'timed_out', /did not answer within 1 s/],
  ['a reset', hostile.reset, 6, 'unreachable', /closed the connection/],
  ['another account', hostile.json(200, { sub: 'account-2' }), 8, 'account_differs', /belongs to another account/],
  ['a redirect elsewhere', hostile.redirectTo('http://localhost:1/userinfo'), 6, 'bad_response', /never followed/],
];

describe('a check is answered with', () => {
  test.each(checks)('%s', async (_, misbehaviour, exit, code, says) => {
    const home = connectedHome();
    server.instead.set('/userinfo', misbehaviour);
    const ran = await run(home, 'status', 'acme', '--json', '--timeout', '1');
    const [{ problem }] = answerOf(ran).data.connections;
    expect({ exit: ran.exit, code: problem.code }).toEqual({ exit, code });
    expect(problem.message).toMatch(says);
    server.instead.clear();
    expect((await run(home, 'status', 'acme')).exit).toBe(0);
  });
});

const revocations: readonly Case[] = [
  ['a web page', hostile.html(200), 5, 'bad_response', /HTML page/],
  ['a failure', hostile.html(503), 6, 'provider_unavailable', /cannot answer now/],
  ['drops, for ever', hostile.dripping, 6, 'timed_out', /did not answer within 1 s/],
  ['a reset', hostile.reset, 6, 'unreachable', /closed the connection/],
  ['ten megabytes', hostile.tooLong, 5, 'bad_response', /more than 1 MiB/],
  ['a redirect elsewhere', away(307), 5, 'bad_response', /never followed/],
];

describe('a revocation is answered with', () => {
  test.each(revocations)('%s', async (_, misbehaviour, exit, code, says) => {
    const home = connectedHome();
    server.instead.set('/revoke', misbehaviour);
    const ran = await run(home, 'revoke', 'acme', '--yes', '--json', '--timeout', '1');
    const [{ local, problem }] = answerOf(ran).data.results;
    expect({ exit: ran.exit, code: problem.code, local }).toEqual({ exit, code, local: 'kept' });
    expect(problem.message).toMatch(says);
    expect(elsewhere.asked).toEqual([]);
    expect((await run(home, 'token', 'acme')).stdout).toBe('access\n');
  });
});
