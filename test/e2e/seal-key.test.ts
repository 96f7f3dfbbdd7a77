// The seal key's life with a real keychain: it is rotated, moved to a file, under a passphrase, behind a program, and back.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compactDecrypt } from 'jose';
import { expect, test } from 'vitest';
import { connectAcme, setUpAcme } from './support/acme.ts';
import { startAuthorizationServer } from './support/authorization-server.ts';
import { binary } from './support/binary.ts';
import { startKeyring } from './support/keyring.ts';
import { cleanEnv, mustSucceed, oauthctl, temporaryFolder } from './support/run.ts';
import { openTerminal } from './support/terminal.ts';

const words = 'correct horse battery staple';

async function connected() {
  const server = await startAuthorizationServer();
  const { env, items } = await startKeyring();
  const home = temporaryFolder();
  await setUpAcme(server, home, env);
  await connectAcme(home, env);
  const data = join(home, '.local/share/oauthctl');
  const keyFile = () => JSON.parse(readFileSync(join(data, 'key.json'), 'utf8'));
  return { server, env, items, home, data, keyFile };
}

test('rotate: another program opens the record with the new item, and the old one is gone', async () => {
  const { server, env, items, home, data, keyFile } = await connected();
  const [before] = items().keys();
  const rotated = JSON.parse(await mustSucceed(['key', 'rotate', '--json'], home, { env }));
  expect(rotated.data).toMatchObject({ id: keyFile().kid, resumed: false, resealed: 2, left_at: null });
  expect([...items().keys()]).toEqual([`seal-key/${keyFile().kid}`]);
  expect(`seal-key/${keyFile().kid}`).not.toBe(before);
  const { sealed } = JSON.parse(readFileSync(join(data, 'connections/acme.json'), 'utf8'));
  const key = Buffer.from(items().get(`seal-key/${keyFile().kid}`) ?? '', 'base64');
  expect((await compactDecrypt(sealed, key)).protectedHeader).toMatchObject({ kid: keyFile().kid, name: 'acme' });
  expect(await mustSucceed(['token', 'acme'], home, { env })).toBe(`${server.accessTokens[0]}\n`);
  await mustSucceed(['refresh', 'acme'], home, { env });
  await mustSucceed(['status', 'acme'], home, { env });
}, 120_000);

test('tokens are handed out and refreshed while it rotates, again and again', async () => {
  const { env, items, home } = await connected();
  const rotations = (async () => {
    for (let count = 0; count < 3; count++) await mustSucceed(['key', 'rotate'], home, { env });
  })();
  const tokens = Array.from({ length: 4 }, async () => {
    for (let count = 0; count < 4; count++) await mustSucceed(['token', 'acme'], home, { env });
  });
  await Promise.all([rotations, ...tokens, mustSucceed(['refresh', 'acme'], home, { env })]);
  expect(items().size).toBe(1);
  await mustSucceed(['status', 'acme'], home, { env });
}, 120_000);

test('to a file, a program, a passphrase that is typed, and back to the keychain', async () => {
  const { server, env, items, home, keyFile } = await connected();
  const token = `${server.accessTokens[0]}\n`;
  const seal = join(home, 'keys', 'seal');
  mkdirSync(join(home, 'keys'));
  await mustSucceed(['key', 'move', '--to', `file:${seal}`], home, { env });
  expect(items().size).toBe(0);
  expect(await mustSucceed(['token', 'acme'], home)).toBe(token);

  const program = join(home, 'keys', 'print key');
  writeFileSync(program, `#!/bin/sh\ncat "$1"\n`);
  chmodSync(program, 0o700);
  await mustSucceed(['key', 'move', '--to', `command:'${program}' ${seal}`], home, { env });
  expect(await mustSucceed(['token', 'acme'], home)).toBe(token);
  chmodSync(program, 0o600);
  const unrun = await oauthctl(['token', 'acme'], home);
  expect({ exit: unrun.exit, told: unrun.stderr.includes('could not be started') }).toEqual({ exit: 7, told: true });
  chmodSync(program, 0o700);

  const terminal = openTerminal([process.execPath, binary, 'key', 'move', '--to', 'passphrase'], {
    env: cleanEnv(home),
    cwd: home,
  });
  await terminal.shows('New passphrase of the seal key');
  terminal.type(words);
  terminal.press('Enter');
  await terminal.shows('The same again');
  terminal.type(words);
  terminal.press('Enter');
  expect(await terminal.shows('[exit 0]')).not.toContain(words);
  expect(keyFile().source.type).toBe('passphrase');
  expect((await oauthctl(['token', 'acme'], home)).exit).toBe(7);
  const asking = openTerminal([process.execPath, binary, 'token', 'acme'], { env: cleanEnv(home), cwd: home });
  await asking.shows('Passphrase of the seal key');
  asking.type(words);
  asking.press('Enter');
  expect(await asking.shows('[exit 0]')).toContain(token.trim());

  const file = join(home, 'keys', 'words');
  writeFileSync(file, `${words}\n`, { mode: 0o600 });
  const withWords = { env: { ...env, OAUTHCTL_PASSPHRASE_FILE: file } };
  await mustSucceed(['key', 'rotate'], home, withWords);
  const weak = await oauthctl(['list', '--require-protection', 'os'], home, withWords);
  expect({ exit: weak.exit, told: weak.stderr.includes('key move --to keychain') }).toEqual({ exit: 7, told: true });
  await mustSucceed(['key', 'move', '--to', 'keychain'], home, withWords);
  expect([...items().keys()]).toEqual([`seal-key/${keyFile().kid}`]);
  expect(await mustSucceed(['token', 'acme', '--require-protection', 'os'], home, { env })).toBe(token);
  await mustSucceed(['refresh', 'acme'], home, { env });
}, 120_000);
