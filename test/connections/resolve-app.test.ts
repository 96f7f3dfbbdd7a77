// Which app a connection gets: the environment's or the stored one, and never a mixture.
import { describe, expect, test } from 'vitest';
import { withEnvFile } from '../../src/connections/app-environment.ts';
import { type AppRequest, resolveApp, setApp } from '../../src/connections/apps.ts';
import { CliError } from '../../src/errors.ts';
import type { WireRequest } from '../../src/model/ports.ts';
import { Secret } from '../../src/model/secret.ts';
import { acmeFile, plantTree, providerFile, refusal } from './tree.ts';

const clientId = '123456789012-abc.apps.googleusercontent.com';
const otherId = '999999999999-xyz.apps.googleusercontent.com';
const clientSecret = new Secret('GOCSPX-a1b2c3d4e5f6');
const good: AppRequest = { provider: 'gmail', clientId, clientSecret };

describe('which app is used', () => {
  const variables = { OAUTHCTL_GMAIL_CLIENT_ID: otherId, OAUTHCTL_GMAIL_CLIENT_SECRET: 'GOCSPX-from-env' };

  test('none: says what to run, and where to read how', async () => {
    const { workspace } = plantTree();
    expect(await refusal(resolveApp(workspace, 'gmail', 'default'))).toMatchObject({
      code: 'app_missing',
      message: 'there is no app for Gmail: oauthctl provider guide gmail shows how to register one',
      hint: 'oauthctl app set gmail',
    });
    expect((await refusal(resolveApp(workspace, 'gmail', 'work'))).hint).toBe('oauthctl app set gmail --name work');
  });

  test('the environment wins over the stored one, and is never stored', async () => {
    const { world, workspace } = plantTree({ env: variables });
    await setApp(workspace, good);
    const { app, clientSecret: secret } = await resolveApp(workspace, 'gmail', 'default');
    expect(app).toMatchObject({ clientId: otherId, source: 'environment', kind: 'desktop', createdAt: null });
    expect(secret?.reveal()).toBe('GOCSPX-from-env');
    expect(
      world.files
        .paths()
        .map((path) => world.files.get(path))
        .join(),
    ).not.toContain(otherId);
  });

  test('the environment stands for the default app only', async () => {
    const { workspace } = plantTree({ env: variables });
    await setApp(workspace, { ...good, name: 'work' });
    expect((await resolveApp(workspace, 'gmail', 'work')).app.clientId).toBe(clientId);
  });

  test('an id from the environment never goes with the stored secret of another', async () => {
    const { workspace } = plantTree({ env: { OAUTHCTL_GMAIL_CLIENT_ID: otherId } });
    await setApp(workspace, good);
    const { app, clientSecret: secret } = await resolveApp(workspace, 'gmail', 'default');
    expect(secret).toBeUndefined();
    expect(app).toMatchObject({ hasSecret: false, clientAuth: 'none' });
  });

  test('the same id from the environment goes with its own stored secret and facts', async () => {
    const { workspace } = plantTree({ env: { OAUTHCTL_GMAIL_CLIENT_ID: clientId } });
    await setApp(workspace, { ...good, kind: 'tv' });
    const { app, clientSecret: secret } = await resolveApp(workspace, 'gmail', 'default');
    expect(secret?.reveal()).toBe(clientSecret.reveal());
    expect(app.kind).toBe('tv');
  });

  test('a secret alone replaces the stored one; without any id it is half an app', async () => {
    const { workspace } = plantTree({ env: { OAUTHCTL_GMAIL_CLIENT_SECRET: 'GOCSPX-new' } });
    expect((await refusal(resolveApp(workspace, 'gmail', 'default'))).message).toContain('no client id');
    await setApp(workspace, good);
    expect((await resolveApp(workspace, 'gmail', 'default')).clientSecret?.reveal()).toBe('GOCSPX-new');
  });

  test('the secret may come from a file, whose last line feed is not part of it', async () => {
    const env = { OAUTHCTL_GMAIL_CLIENT_ID: otherId, OAUTHCTL_GMAIL_CLIENT_SECRET_FILE: '/run/secrets/gmail' };
    const { world, workspace, warnings } = plantTree({ env });
    expect((await refusal(resolveApp(workspace, 'gmail', 'default'))).message).toContain('which is not there');
    world.files.set('/run/secrets/gmail', 'GOCSPX-in-file\n', { mode: 0o444 });
    expect((await resolveApp(workspace, 'gmail', 'default')).clientSecret?.reveal()).toBe('GOCSPX-in-file');
    expect(warnings.join()).toContain('everybody on this machine can read it');
    world.env.OAUTHCTL_GMAIL_CLIENT_SECRET = 'GOCSPX-too';
    expect((await refusal(resolveApp(workspace, 'gmail', 'default'))).message).toContain('and so is');
  });

  test('a variable that cannot be used is named, its value is not repeated', async () => {
    const { workspace } = plantTree({ env: { ...variables, OAUTHCTL_GMAIL_CLIENT_SECRET: 'two words' } });
    const { code, message } = await refusal(resolveApp(workspace, 'gmail', 'default'));
    expect({ code, message }).toEqual({
      code: 'invalid_value',
      message: 'OAUTHCTL_GMAIL_CLIENT_SECRET holds white space or characters that no client secret has',
    });
  });

  test('an id that some kind of app takes is good, since the environment names none', async () => {
    const read = (id: string) =>
      resolveApp(plantTree({ env: { OAUTHCTL_GITHUB_CLIENT_ID: id } }).workspace, 'github', 'default');
    await expect(read('Iv23liPlaceholder0000')).resolves.toMatchObject({ app: { clientId: 'Iv23liPlaceholder0000' } });
    await expect(read('1234567')).rejects.toMatchObject({ code: 'invalid_value' });
  });

  test('a dotenv file gives app names and nothing else, and wins over the environment', async () => {
    const { world } = plantTree({ env: { OAUTHCTL_GMAIL_CLIENT_ID: 'from-env', OAUTHCTL_KEY: 'real' } });
    world.files.set(
      `${world.system.env.workingFolder}/.env`,
      [
        '# apps',
        'OAUTHCTL_GMAIL_CLIENT_ID=from-file # mine',
        `export OAUTHCTL_GOOGLE_DRIVE_CLIENT_SECRET="a # b"`,
        `OAUTHCTL_ACME_CLIENT_SECRET_FILE='/run/x'\r`,
        'OAUTHCTL_SLACK_CLIENT_ID=',
        'OAUTHCTL_KEY=planted',
        'OAUTHCTL_DATA_DIR=/planted',
      ].join('\n'),
    );
    const env = await withEnvFile(world.system.env, world.system.files, '.env', () => {});
    const names = [
      'GMAIL_CLIENT_ID',
      'GOOGLE_DRIVE_CLIENT_SECRET',
      'ACME_CLIENT_SECRET_FILE',
      'SLACK_CLIENT_ID',
      'KEY',
      'DATA_DIR',
    ];
    expect(names.map((name) => env.get(`OAUTHCTL_${name}`))).toEqual([
      'from-file',
      'a # b',
      '/run/x',
      undefined,
      'real',
      undefined,
    ]);
    // As Node leaves it, which reads the same flag before us.
    world.env.OAUTHCTL_DATA_DIR = '/planted';
    expect(env.get('OAUTHCTL_DATA_DIR')).toBeUndefined();
    world.env.OAUTHCTL_DATA_DIR = '/elsewhere';
    expect(env.get('OAUTHCTL_DATA_DIR')).toBe('/elsewhere');
    expect((await refusal(withEnvFile(world.system.env, world.system.files, 'no.env', () => {}))).code).toBe(
      'invalid_value',
    );
  });

  test.each([
    ['OAUTHCTL_GMAIL_CLIENT_SECRET=abc', 0o644, 1],
    ['OAUTHCTL_GMAIL_CLIENT_SECRET=abc', 0o640, 0],
    ['OAUTHCTL_GMAIL_CLIENT_ID=abc', 0o644, 0],
  ])('--env-file with %s and mode %o is warned about %i times', async (text, mode, times) => {
    const { world } = plantTree();
    world.files.set('/open.env', text, { mode });
    const warnings: string[] = [];
    await withEnvFile(world.system.env, world.system.files, '/open.env', (line) => warnings.push(line));
    expect(warnings.map((line) => line.includes('/open.env'))).toEqual(Array.from({ length: times }, () => true));
  });

  test('a stored secret is not sent to a provider that was redefined since', async () => {
    const { world, workspace } = plantTree();
    world.files.set(providerFile('acme'), acmeFile());
    await setApp(workspace, { provider: 'acme', clientId: 'app', clientSecret: new Secret('plain-secret') });
    world.files.set(providerFile('acme'), acmeFile('evil.example'));
    expect((await refusal(resolveApp(workspace, 'acme', 'default'))).code).toBe('issuer_mismatch');
  });
});

describe('how a server wants Basic spelled', () => {
  const secret = new Secret('p+q/r%s');
  const spelled = (id: string, word: string) => `Basic ${Buffer.from(`${id}:${word}`).toString('base64')}`;

  const plantAcme = (rightHeader: string | undefined) => {
    const tree = plantTree({
      fetch: async ({ headers }: WireRequest) => {
        const right = headers.authorization === rightHeader;
        const [status, error] = right ? [400, 'invalid_grant'] : [401, 'invalid_client'];
        return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ error }) };
      },
    });
    tree.world.files.set(providerFile('acme'), acmeFile());
    return tree;
  };

  test('raw, when only that is understood', async () => {
    const { workspace } = plantAcme(spelled('app', secret.reveal()));
    expect((await setApp(workspace, { provider: 'acme', clientId: 'app', clientSecret: secret })).clientAuth).toBe(
      'basic-raw',
    );
  });

  test('encoded, when that is understood', async () => {
    const { workspace } = plantAcme(spelled('app', encodeURIComponent(secret.reveal())));
    expect((await setApp(workspace, { provider: 'acme', clientId: 'app', clientSecret: secret })).clientAuth).toBe(
      'basic',
    );
  });

  test('encoded, when neither is: the secret is wrong, and that is not ours to say', async () => {
    const { workspace } = plantAcme(undefined);
    expect((await setApp(workspace, { provider: 'acme', clientId: 'app', clientSecret: secret })).clientAuth).toBe(
      'basic',
    );
  });

  test('nobody is asked when both are the same, when it was said, or without a network', async () => {
    const { workspace, world } = plantAcme(undefined);
    const plain = { provider: 'acme', clientId: 'app', clientSecret: new Secret('plain-secret') };
    expect((await setApp(workspace, plain)).clientAuth).toBe('basic');
    expect((await setApp(workspace, { ...plain, clientSecret: secret, auth: 'basic-raw' })).clientAuth).toBe(
      'basic-raw',
    );
    expect((await setApp(workspace, { ...plain, clientSecret: undefined })).clientAuth).toBe('none');
    expect(world.network.requests).toEqual([]);
    world.network.fetch = () => Promise.reject(new CliError('unreachable', 'offline'));
    expect((await setApp(workspace, { ...plain, clientSecret: secret })).clientAuth).toBe('basic');
  });
});
