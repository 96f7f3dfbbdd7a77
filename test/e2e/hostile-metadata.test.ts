// The real program and what a server says of itself: metadata that names addresses of others, device sign-ins that send the
// person to a file or a script, and metadata that changes later. Nothing is kept, opened or asked that should not be.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerOf, env, startRig } from './support/hostile-rig.ts';
import * as hostile from './support/hostile-server.ts';
import { oauthctl, temporaryFolder } from './support/run.ts';

const { server, elsewhere, addAcme, connectedHome } = await startRig();
const run = (home: string, ...args: readonly string[]) => oauthctl(args, home, { env });
const wellKnown = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'];
const kept = (home: string) => join(home, '.config/oauthctl/providers/acme.json');

/** The server's proper metadata with these members instead. */
const names = (members: object) => hostile.json(200, { ...hostile.metadata(server.issuer), ...members });

type Case = readonly [name: string, misbehaviour: () => hostile.Misbehaviour, exit: number, code: string, says: RegExp];

const discoveries: readonly Case[] = [
  ['a web page', () => hostile.html(200), 5, 'bad_response', /publishes no metadata .* HTML page/],
  ['half of the JSON', () => hostile.body(200, 'application/json', '{"issuer":"ht'), 5, 'bad_response', /breaks off/],
  ['ten megabytes', () => hostile.tooLong, 5, 'bad_response', /more than 1 MiB/],
  ['drops, for ever', () => hostile.dripping, 6, 'timed_out', /did not answer within 1 s/],
  ['a reset', () => hostile.reset, 6, 'unreachable', /closed the connection/],
  ['a failure', () => hostile.html(503), 6, 'provider_unavailable', /cannot describe itself now/],
  ['a redirect elsewhere', () => hostile.redirectTo(`${elsewhere.issuer}/`), 5, 'bad_response', /never followed/],
  [
    'another issuer',
    () => names({ issuer: 'https://evil.example' }),
    5,
    'issuer_mismatch',
    /calls itself 'https:\/\/evil/,
  ],
  ['a foreign host', () => names({ token_endpoint: 'https://evil.example/t' }), 5, 'bad_response', /a foreign host/],
  ['plain http', () => names({ userinfo_endpoint: 'http://evil.example/u' }), 5, 'bad_response', /plain http is for/],
  ['a file', () => names({ authorization_endpoint: 'file:///etc/passwd' }), 5, 'bad_response', /file: is neither/],
  ['a script', () => names({ authorization_endpoint: 'javascript:alert(1)' }), 5, 'bad_response', /javascript: is/],
  ['a disguise', () => names({ token_endpoint: 'https://acme@evil.example/' }), 5, 'bad_response', /user name or/],
  ['a number', () => names({ revocation_endpoint: 7 }), 5, 'bad_response', /is not a text/],
  ['no token endpoint', () => names({ token_endpoint: null }), 5, 'grant_unsupported', /names no token_endpoint/],
];

describe('metadata that is, or names', () => {
  test.each(discoveries)('%s', async (_, misbehaviour, exit, code, says) => {
    const home = temporaryFolder();
    for (const path of wellKnown) server.instead.set(path, misbehaviour());
    const ran = await run(home, ...addAcme, '--json', '--timeout', '1');
    const { error } = answerOf(ran);
    expect({ exit: ran.exit, code: error.code }).toEqual({ exit, code });
    expect(error.message).toMatch(says);
    expect(error.hint).toBeTruthy();
    expect(elsewhere.asked).toEqual([]);
    expect(existsSync(kept(home))).toBe(false);
  });
});

test('metadata that changes hosts later is applied only after a yes', async () => {
  const home = connectedHome();
  for (const path of wellKnown) server.instead.set(path, names({ token_endpoint: `${elsewhere.issuer}/token` }));
  const before = readFileSync(kept(home), 'utf8');
  const ran = await run(home, 'provider', 'refresh', 'acme', '--json');
  expect({ exit: ran.exit, code: answerOf(ran).error.code }).toEqual({ exit: 2, code: 'needs_confirmation' });
  expect(ran.stderr).toContain(`/endpoints/token: ${server.issuer}/token → ${elsewhere.issuer}/token`);
  expect(readFileSync(kept(home), 'utf8')).toBe(before);
  expect((await run(home, 'refresh', 'acme')).exit).toBe(0);
  expect(elsewhere.asked).toEqual([]);
});

const visits: readonly (readonly [name: string, address: string, says: RegExp])[] = [
  ['a file', 'file:///etc/passwd', /file: is neither https nor http/],
  ['a script', 'javascript:alert(1)', /javascript: is neither/],
  ['plain http elsewhere', 'http://evil.example/device', /plain http is for loopback addresses/],
  ['a disguise', 'https://acme.example@evil.example/device', /carries a user name or password/],
  ['no address', 'just look around', /is not an address/],
];

describe('a device sign-in that sends the person to', () => {
  test.each(
    visits.flatMap(([name, address, says]) => [
      [name, { verification_uri: address }, says] as const,
      [`${name}, in the complete address`, { verification_uri_complete: address }, says] as const,
    ]),
  )('%s', async (_, members, says) => {
    const home = connectedHome();
    server.says.set('/device', members);
    const ran = await run(home, 'connect', 'acme:device', '--device', '--json', '--timeout', '1');
    const { error } = answerOf(ran);
    expect({ exit: ran.exit, code: error.code }).toEqual({ exit: 5, code: 'bad_response' });
    expect(error.message).toMatch(says);
    // Not even shown as a place to go, and never polled.
    expect(ran.stderr).toBe('');
    expect(server.asked).toEqual(['POST /device']);
  });
});
