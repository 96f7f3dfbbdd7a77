// At a real terminal: what is asked, what is typed without being seen, a pasted address, and Ctrl-C.
import { expect, test } from 'vitest';
import { connectAcme, setUpAcme } from './support/acme.ts';
import { startAuthorizationServer } from './support/authorization-server.ts';
import { binary } from './support/binary.ts';
import { cleanEnv, mustSucceed, oauthctl, temporaryFolder } from './support/run.ts';
import { openTerminal } from './support/terminal.ts';

const key = { OAUTHCTL_KEY: Buffer.alloc(32, 9).toString('base64') };

function atTerminal(home: string, env: Record<string, string>, ...args: string[]) {
  const options = { env: { ...cleanEnv(home), ...env }, cwd: home, columns: 200 };
  return openTerminal([process.execPath, binary, ...args], options);
}

test('app set asks for what is missing and does not show the secret', async () => {
  const home = temporaryFolder();
  const terminal = atTerminal(home, key, 'app', 'set', 'gmail');
  await terminal.shows('? Client id');
  terminal.type('1-x.apps.googleusercontent.com');
  terminal.press('Enter');
  await terminal.shows('? Client secret');
  terminal.type('GOCSPX-typed-secret');
  terminal.press('Enter');
  await terminal.shows('[exit 0]');
  expect(terminal.screen()).not.toContain('typed');
  expect(await mustSucceed(['app', 'list'], home, { env: key })).toContain('1-x.apps.googleusercontent.com');
});

test('the final address can be pasted while connect waits', async () => {
  const server = await startAuthorizationServer();
  const home = temporaryFolder();
  await setUpAcme(server, home, key);
  const terminal = atTerminal(home, { ...key, BROWSER: 'none' }, 'connect', 'acme');
  const screen = await terminal.shows('paste it here');
  const address = /http:\/\/127\.0\.0\.1:\d+\/authorize\S+/.exec(screen)?.[0] ?? '';
  const { headers } = await fetch(address, { redirect: 'manual' });
  const final = headers.get('location') ?? '';
  terminal.paste(final);
  terminal.press('Enter');
  await terminal.shows('[exit 0]');
  expect(terminal.screen()).not.toContain(new URL(final).searchParams.get('code'));
  expect(await mustSucceed(['token', 'acme'], home, { env: key })).toBe(`${server.accessTokens[0]}\n`);
});

test('Ctrl-C ends a waiting connect with 130 and stores nothing', async () => {
  const server = await startAuthorizationServer();
  const home = temporaryFolder();
  await setUpAcme(server, home, key);
  const terminal = atTerminal(home, { ...key, BROWSER: 'none' }, 'connect', 'acme');
  await terminal.shows('paste it here');
  terminal.press('C-c');
  await terminal.shows('[exit 130]');
  expect(await mustSucceed(['list'], home, { env: key })).toBe('');
});

test('revoke asks first, and a no changes nothing', async () => {
  const server = await startAuthorizationServer();
  const home = temporaryFolder();
  await setUpAcme(server, home, key);
  await connectAcme(home, key);
  const terminal = atTerminal(home, key, 'revoke', 'acme');
  await terminal.shows('? Revoke acme?');
  terminal.type('n');
  terminal.press('Enter');
  await terminal.shows('[exit 130]');
  expect(server.revocations()).toBe(0);
  expect((await oauthctl(['token', 'acme'], home, { env: key })).exit).toBe(0);
});
