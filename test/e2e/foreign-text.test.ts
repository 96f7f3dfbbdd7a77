// What others wrote never steers the terminal, forges a line, reorders one, or becomes markup: every foreign string that
// reaches the screen or the page carries escapes, marks and a script, and is looked for in what the real program prints.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { binary } from './support/binary.ts';
import { answerOf, env, pageIn, startRig } from './support/hostile-rig.ts';
import * as hostile from './support/hostile-server.ts';
import { cleanEnv, oauthctl, type Ran } from './support/run.ts';
import { openTerminal } from './support/terminal.ts';

const { server, addedHome, connectedHome } = await startRig();
const run = (home: string, ...args: readonly string[]) => oauthctl(args, home, { env });

/** Clears the screen, sets the title, reorders, ends the line to begin another, and would be a script on a page. */
const poison =
  'SEEN\u001b[2J\u001b]0;owned\u0007\u202eevil\u2066\u0000\r\nerror: forged\u009b31m\u2028<script>alert(1)</script>';

/** Control characters (line feeds and tabs aside), and marks that reorder a line. */
const steering = /(?![\n\t])[\p{Cc}\p{Bidi_C}\u2028\u2029]/u;

function expectHarmless({ stdout, stderr }: Pick<Ran, 'stdout' | 'stderr'>): void {
  for (const text of [stdout, stderr]) {
    expect(steering.exec(text)).toBeNull();
    expect(text.split('\n').filter((line) => line.startsWith('error: forged'))).toEqual([]);
  }
}

/** In text, in JSON and with traces; the foreign text was really there to be shown. */
async function expectHarmlessly(home: string, exit: number, ...args: readonly string[]): Promise<void> {
  for (const more of [[], ['--json'], ['--verbose']]) {
    const ran = await run(home, ...args, ...more);
    expectHarmless(ran);
    expect({ exit: ran.exit, seen: (ran.stdout + ran.stderr).includes('SEEN') }).toEqual({ exit, seen: true });
  }
}

test('why a token was refused', async () => {
  server.instead.set('/token', hostile.json(400, { error: `bad${poison}`, error_description: poison }));
  await expectHarmlessly(connectedHome(), 5, 'refresh', 'acme');
});

test('why a check was refused, in the body and in the challenge', async () => {
  server.instead.set('/userinfo', hostile.json(403, { error: { message: poison, status: poison } }));
  await expectHarmlessly(connectedHome(), 8, 'status', 'acme');
});

test('why a revocation was refused', async () => {
  server.instead.set('/revoke', hostile.json(400, { error: 'bad_luck', error_description: poison }));
  await expectHarmlessly(connectedHome(), 5, 'revoke', 'acme', '--yes');
});

test('where a redirect leads', async () => {
  const head = 'HTTP/1.1 302 Found\r\nlocation: https://SEEN.example\u001b[2J/\r\ncontent-length: 0\r\n\r\n';
  server.instead.set('/token', hostile.bytes(head));
  const ran = await run(connectedHome(), 'refresh', 'acme');
  expectHarmless(ran);
  expect(ran.exit).not.toBe(0);
});

test('whose grant it is, and its scopes: at the sign-in, on its page, in lists and checks', async () => {
  const home = addedHome();
  server.says.set('/userinfo', { sub: poison, email: poison });
  server.says.set('/token', { scope: `openid mail ${poison.replaceAll(' ', '_')}`, token_type: poison });
  const connected = await run(home, 'connect', 'acme');
  expectHarmless(connected);
  expect({ exit: connected.exit, seen: connected.stdout.includes('SEEN') }).toEqual({ exit: 0, seen: true });
  expect(pageIn(home)).toContain('SEEN');
  expect(pageIn(home)).not.toMatch(/<script/);
  expect(steering.exec(pageIn(home))).toBeNull();
  await expectHarmlessly(home, 0, 'list');
  await expectHarmlessly(home, 0, 'status');
  const [{ account }] = answerOf(await run(home, 'list', '--json')).data.connections;
  // The id is compared, so it stays what it is.
  expect(account.id).toBe(poison);
  for (const format of ['raw', 'header', 'json', 'xoauth2']) {
    expectHarmless(await run(home, 'token', 'acme', '--format', format));
  }
  server.says.set('/userinfo', { sub: `other ${poison}`, email: `other ${poison}` });
  await expectHarmlessly(home, 2, 'connect', 'acme');
});

test('whose grant it is, in a table at a real terminal', async () => {
  const home = addedHome();
  server.says.set('/userinfo', { sub: 'account-1', email: poison });
  expect((await run(home, 'connect', 'acme')).exit).toBe(0);
  const terminal = openTerminal([process.execPath, binary, 'list'], { env: { ...cleanEnv(home), ...env }, cwd: home });
  const screen = await terminal.shows('[exit 0]');
  // The screen was not cleared, and what would have cleared it is there to read.
  expect(screen).toMatch(/NAME +ACCOUNT.*acme +SEEN.*\[2J/s);
});

test('why a sign-in was refused: in the terminal, and on its page', async () => {
  const home = addedHome();
  server.says.set('/authorize', { error: `denied${poison}`, error_description: poison });
  await expectHarmlessly(home, 5, 'connect', 'acme');
  expect(pageIn(home)).toContain('SEEN');
  expect(pageIn(home)).not.toMatch(/<script/);
  expect(steering.exec(pageIn(home))).toBeNull();
});

test('the issuer that a callback names', async () => {
  server.says.set('/authorize', { code: 'code', iss: poison });
  await expectHarmlessly(addedHome(), 5, 'connect', 'acme');
});

test('the code to type and the place to type it, and why the device was refused', async () => {
  const home = addedHome();
  server.says.set('/device', { user_code: poison, verification_uri: `https://acme.example/SEEN${poison}` });
  server.instead.set('/token', hostile.json(400, { error: 'bad_luck', error_description: poison }));
  await expectHarmlessly(home, 5, 'connect', 'acme', '--device');
  const { stderr } = await run(home, 'connect', 'acme', '--device', '--json');
  expect(stderr).toMatch(/visit https:\/\/acme\.example\/SEENSEEN%1B\[2J/i);
});

test('what a server says of itself', async () => {
  const { issuer } = server;
  const says = (members: object) => {
    const answer = hostile.json(200, { ...hostile.metadata(issuer), ...members });
    for (const place of ['openid-configuration', 'oauth-authorization-server'])
      server.instead.set(`/.well-known/${place}`, answer);
  };
  const home = connectedHome();
  const add = ['provider', 'add', 'other', '--issuer', issuer];
  says({ issuer: `https://evil.example/${poison}` });
  await expectHarmlessly(home, 5, ...add);
  says({ token_endpoint: poison });
  await expectHarmlessly(home, 5, ...add);
  says({ token_endpoint_auth_methods_supported: [poison] });
  await expectHarmlessly(home, 5, ...add);
  says({ authorization_endpoint: `${issuer}/a${poison}` });
  const refused = await run(home, ...add);
  expectHarmless(refused);
  expect(refused).toMatchObject({ exit: 5, stderr: expect.stringMatching(/is refused: .*control characters/) });
  says({ service_documentation: `https://acme.example/SEEN${poison}` });
  expect((await run(home, ...add)).exit).toBe(5);
});

test('a provider file of somebody else', async () => {
  const home = connectedHome();
  const endpoints = { authorization: 'https://acme.example/a', token: 'https://acme.example/t' };
  const file = { issuer: 'https://acme.example', name: poison, endpoints, guide: [{ text: poison }] };
  writeFileSync(join(home, 'other.json'), JSON.stringify(file));
  const ran = await run(home, 'provider', 'add', 'other', '--file', 'other.json');
  expectHarmless(ran);
  expect(ran).toMatchObject({ exit: 2, stderr: expect.stringMatching(/\/name must not/) });
  // What came in another way, years ago perhaps, is as harmless.
  const folder = join(home, '.config/oauthctl/providers');
  const acme = JSON.parse(readFileSync(join(folder, 'acme.json'), 'utf8'));
  acme.provider.name = poison;
  writeFileSync(join(folder, 'acme.json'), JSON.stringify(acme));
  const listed = await run(home, 'provider', 'list');
  expectHarmless(listed);
  expect(listed.stderr).toContain("provider 'acme' is left out");
});
