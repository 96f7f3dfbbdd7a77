// The main job as a person does it, with a real keychain: connect, list, status, token, refresh, revoke.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compactDecrypt } from 'jose';
import { expect, test } from 'vitest';
import { connectAcme, setUpAcme } from './support/acme.ts';
import { startAuthorizationServer } from './support/authorization-server.ts';
import { startKeyring } from './support/keyring.ts';
import { mustSucceed, oauthctl, temporaryFolder } from './support/run.ts';

/** Every file below a folder, with its content. */
function filesBelow(folder: string): { readonly path: string; readonly text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, text: readFileSync(path, 'latin1') }));
}

test('connect, list, status, token, refresh, revoke', async () => {
  const server = await startAuthorizationServer();
  const { env, items } = await startKeyring();
  const home = temporaryFolder();
  await setUpAcme(server, home, env);
  await connectAcme(home, env);

  expect(await mustSucceed(['list'], home, { env })).toContain('acme');
  const status = JSON.parse(await mustSucceed(['status', '--all', '--json'], home, { env }));
  expect(status.data.connections).toMatchObject([{ name: 'acme', state: 'healthy', problem: null }]);

  const first = await mustSucceed(['token', 'acme'], home, { env });
  expect(first).toBe(`${server.accessTokens[0]}\n`);
  await mustSucceed(['refresh', 'acme'], home, { env });
  const second = await mustSucceed(['token', 'acme'], home, { env });
  expect(second).toBe(`${server.accessTokens[1]}\n`);
  expect(server.refreshes()).toBe(1);

  await sealedWithTheKeychainsKey(home, items());
  for (const { path, text } of filesBelow(home))
    for (const secret of [...server.secrets, ...items().values()])
      expect(text.includes(secret), `a secret in clear in ${path}`).toBe(false);

  const revoked = JSON.parse(await mustSucceed(['revoke', 'acme', '--yes', '--json'], home, { env }));
  expect(revoked.data.results).toMatchObject([{ name: 'acme', remote: 'revoked', local: 'deleted' }]);
  expect(server.revocations()).toBeGreaterThan(0);
  expect(await mustSucceed(['list'], home, { env })).toBe('');
  expect((await oauthctl(['token', 'acme'], home, { env })).exit).toBe(3);
});

/** Opens the record as another program would: the key from secret-tool, the seal by jose. */
async function sealedWithTheKeychainsKey(home: string, items: ReadonlyMap<string, string>): Promise<void> {
  const data = join(home, '.local/share/oauthctl');
  const { kid } = JSON.parse(readFileSync(join(data, 'key.json'), 'utf8'));
  expect([...items.keys()]).toEqual([`seal-key/${kid}`]);
  const { sealed } = JSON.parse(readFileSync(join(data, 'connections/acme.json'), 'utf8'));
  const key = Buffer.from(items.get(`seal-key/${kid}`) ?? '', 'base64');
  const { protectedHeader, plaintext } = await compactDecrypt(sealed, key);
  expect(protectedHeader).toMatchObject({ alg: 'dir', enc: 'A256GCM', kid, name: 'acme' });
  expect(Buffer.from(plaintext).toString()).toContain('access');
}
