// What must hold when many processes run at once: one seal key, one refresh, one answer.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import { expect, test } from 'vitest';
import { connectAcme, setUpAcme } from './support/acme.ts';
import { startAuthorizationServer } from './support/authorization-server.ts';
import { startKeyring } from './support/keyring.ts';
import { oauthctl, temporaryFolder } from './support/run.ts';

const times = <T>(count: number, make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

test('twenty processes on first run agree on one key', async () => {
  const { env, items } = await startKeyring();
  const home = temporaryFolder();
  const set = (index: number) =>
    oauthctl(
      [
        'app',
        'set',
        'gmail',
        '--name',
        `app${index}`,
        '--client-id',
        `${index}.apps.googleusercontent.com`,
        '--client-secret-stdin',
      ],
      home,
      {
        env,
        input: 'GOCSPX-secret\n',
      },
    );
  const ran = await times(20, set);
  expect(ran.filter(({ exit }) => exit !== 0)).toEqual([]);

  const data = join(home, '.local/share/oauthctl');
  const { kid } = JSON.parse(readFileSync(join(data, 'key.json'), 'utf8'));
  expect([...items().keys()]).toEqual([`seal-key/${kid}`]);
  const records = readdirSync(join(data, 'apps')).map((name) =>
    JSON.parse(readFileSync(join(data, 'apps', name), 'utf8')),
  );
  expect(records).toHaveLength(20);
  expect(new Set(records.map(({ sealed }) => decodeProtectedHeader(sealed).kid))).toEqual(new Set([kid]));
});

test.each([2, 20])(
  '%i processes that ask for one expired token cause one refresh and print one token',
  async (count) => {
    // No longer than what `token` asks for at least, so it counts as ended from the first millisecond on.
    const server = await startAuthorizationServer({ firstExpiresIn: 60 });
    const { env } = await startKeyring();
    const home = temporaryFolder();
    await setUpAcme(server, home, env);
    await connectAcme(home, env);
    const before = server.refreshes();

    const ran = await times(count, () => oauthctl(['token', 'acme'], home, { env }));
    expect(ran.filter(({ exit }) => exit !== 0)).toEqual([]);
    expect(server.refreshes() - before).toBe(1);
    expect(new Set(ran.map(({ stdout }) => stdout))).toEqual(new Set([`${server.accessTokens.at(-1)}\n`]));
  },
);
