// Apps: what is accepted, how it rests, how it is listed and removed.
import { describe, expect, test } from 'vitest';
import { type AppRequest, listApps, removeApp, resolveApp, setApp, showApp } from '../../src/connections/apps.ts';
import { Secret } from '../../src/model/secret.ts';
import { enterTree, paths, plantTree, refusal } from './tree.ts';

const clientId = '123456789012-abc.apps.googleusercontent.com';
const otherId = '999999999999-xyz.apps.googleusercontent.com';
const clientSecret = new Secret('GOCSPX-a1b2c3d4e5f6');
const good: AppRequest = { provider: 'gmail', clientId, clientSecret };

describe('setting', () => {
  test('the secret rests sealed, the facts in clear, and both come back', async () => {
    const { world, workspace, events } = plantTree();
    await setApp(workspace, good);
    const onDisk = world.files
      .paths()
      .map((path) => world.files.get(path))
      .join('\n');
    expect(onDisk).toContain(clientId);
    expect(onDisk).not.toContain(clientSecret.reveal());
    const { app, clientSecret: opened } = await resolveApp(workspace, 'gmail', 'default');
    expect(opened?.reveal()).toBe(clientSecret.reveal());
    expect(app).toEqual({
      provider: 'gmail',
      name: 'default',
      kind: 'desktop',
      clientId,
      clientAuth: 'post',
      redirectUri: null,
      tenant: null,
      hasSecret: true,
      source: 'stored',
      createdAt: world.now(),
    });
    expect(events).toMatchObject([{ type: 'app.set', provider: 'gmail', details: { client_id: clientId } }]);
    expect(JSON.stringify(events)).not.toContain(clientSecret.reveal());
  });

  test('replaces the app of that name, and leaves the others', async () => {
    const { workspace } = plantTree();
    await setApp(workspace, { ...good, name: 'work' });
    await setApp(workspace, good);
    await setApp(workspace, { ...good, clientId: otherId });
    expect((await resolveApp(workspace, 'gmail', 'default')).app.clientId).toBe(otherId);
    expect((await resolveApp(workspace, 'gmail', 'work')).app.clientId).toBe(clientId);
  });

  test.each<[string, Partial<AppRequest>, string]>([
    ['a secret in place of the id', { clientId: 'GOCSPX-a1b2c3' }, 'the client id is a client secret'],
    ['an id in place of the secret', { clientSecret: new Secret(clientId) }, 'the client secret is a client id'],
    ['the same text twice', { clientId, clientSecret: new Secret(clientId) }, 'the two were swapped'],
    ['a placeholder', { clientId: 'YOUR_CLIENT_ID' }, "'YOUR_CLIENT_ID' is a placeholder"],
    ['a placeholder in brackets', { clientId: '<client-id>' }, 'is a placeholder'],
    ['a variable that nobody filled in', { clientId: '$CLIENT_ID' }, 'is a placeholder'],
    ['a row of x', { clientSecret: new Secret('xxxxxxxx') }, 'the client secret is a placeholder'],
    ['changeme', { clientSecret: new Secret('changeme') }, 'the client secret is a placeholder'],
    ['white space inside', { clientId: `123 456.apps.googleusercontent.com` }, 'holds white space'],
    ['a line feed inside the secret', { clientSecret: new Secret('GOCSPX-a\nb') }, 'holds white space'],
    ['nothing', { clientId: '  ' }, 'the client id is empty'],
    ['an id of another provider', { clientId: '0oa1b2c3d4' }, "does not end with '.apps.googleusercontent.com'"],
    ['a kind that Google does not have', { kind: 'spa' }, "knows no kind of app 'spa', only desktop, web, tv"],
    ['no secret, where Google wants one', { clientSecret: undefined }, 'wants the client secret of a Desktop app'],
    ['no authentication beside a secret', { auth: 'none' }, '--auth none would not send it'],
    ['a name that is none', { name: 'My App' }, "'My App' is not a name for an app"],
    ['plain http to elsewhere', { kind: 'web', redirectUri: 'http://app.example.com/cb' }, 'must be https'],
    ['loopback for a Web app', { kind: 'web', redirectUri: 'http://127.0.0.1/cb' }, 'must be your own https address'],
    ['https for a Desktop app', { redirectUri: 'https://app.example.com/cb' }, 'returns to this machine only'],
    ['a fragment', { kind: 'web', redirectUri: 'https://app.example.com/cb#x' }, 'has a fragment'],
    ['a wildcard', { kind: 'web', redirectUri: 'https://*.example.com/cb' }, 'has a wildcard'],
    ['another scheme', { kind: 'web', redirectUri: 'myapp://cb' }, 'must be https'],
    ['a password in the address', { kind: 'web', redirectUri: 'https://a:b@example.com/cb' }, 'carries a user'],
    ['no address', { kind: 'web', redirectUri: 'example.com/cb' }, 'is not a URL'],
  ])('refuses %s', async (_, change, words) => {
    const { world, workspace } = plantTree();
    const { code, message } = await refusal(setApp(workspace, { ...good, ...change }));
    expect(code).toBe('invalid_value');
    expect(message).toContain(words);
    expect(message).not.toContain(change.clientSecret?.reveal() ?? clientSecret.reveal());
    expect(world.files.paths(paths.data)).toEqual([]);
  });

  test('white space around an id comes from copying and is dropped', async () => {
    const { workspace } = plantTree();
    expect((await setApp(workspace, { ...good, clientId: ` ${clientId}\n` })).clientId).toBe(clientId);
  });

  test('a Web app keeps its redirect URI byte for byte, and is warned about a missing one', async () => {
    const { workspace, warnings } = plantTree();
    const redirectUri = 'https://app.example.com/OAuth/Callback/';
    expect((await setApp(workspace, { ...good, kind: 'web', redirectUri })).redirectUri).toBe(redirectUri);
    expect(warnings).toEqual([]);
    await setApp(workspace, { ...good, kind: 'web' });
    expect(warnings.join()).toContain('give --redirect-uri');
  });

  test('warns of the connections that another client id leaves behind', async () => {
    const { workspace, warnings, connect } = plantTree();
    await connect({ name: 'gmail', provider: 'gmail', app: 'default', clientId });
    await connect({ name: 'gmail:work', provider: 'gmail', app: 'work', clientId });
    await setApp(workspace, good);
    expect(warnings).toEqual([]);
    await setApp(workspace, { ...good, clientId: otherId });
    expect(warnings).toEqual([expect.stringMatching(/connected again.*: gmail$/)]);
  });
});

describe('listing, showing, removing', () => {
  test('the environment stands before what it hides; a broken variable breaks its own line only', async () => {
    const { world, workspace } = plantTree({ env: { OAUTHCTL_GMAIL_CLIENT_ID: otherId } });
    await setApp(workspace, { ...good, name: 'work' });
    await setApp(workspace, good);
    world.env.OAUTHCTL_GOOGLE_DRIVE_CLIENT_ID = 'YOUR_CLIENT_ID';
    const { apps, unreadable } = await listApps(workspace);
    expect(apps.map(({ name, source }) => `${name} ${source}`)).toEqual([
      'default environment',
      'default stored',
      'work stored',
    ]);
    expect(unreadable).toMatchObject([{ name: 'google-drive', message: expect.stringContaining('is a placeholder') }]);
  });

  test('works without the key: nothing is opened', async () => {
    const { world, workspace } = plantTree();
    await setApp(workspace, good);
    world.files.set('/keys/oauthctl', 'gone');
    const { workspace: keyless } = enterTree(world);
    expect((await showApp(keyless, 'gmail')).clientId).toBe(clientId);
    expect((await listApps(keyless)).apps).toHaveLength(1);
    expect((await refusal(resolveApp(keyless, 'gmail', 'default'))).code).toMatch(/^key_/);
  });

  test('a record that cannot be read is told as such, and is not overwritten', async () => {
    const { world, workspace } = plantTree();
    await setApp(workspace, good);
    const file = world.files.paths(`${paths.data}/apps`).find((path) => path.endsWith('.json')) ?? '';
    world.files.set(file, '{"cut');
    expect((await refusal(showApp(workspace, 'gmail'))).code).toBe('record_unreadable');
    expect((await refusal(setApp(workspace, good))).code).toBe('record_unreadable');
    expect((await listApps(workspace)).unreadable).toMatchObject([{ name: 'gmail' }]);
    await removeApp(workspace, 'gmail');
    await setApp(workspace, good);
  });

  test('an app in use stays', async () => {
    const { workspace, connect } = plantTree();
    await setApp(workspace, good);
    await setApp(workspace, { ...good, name: 'work' });
    await connect({ name: 'gmail:a', provider: 'gmail', app: 'default', clientId });
    expect(await refusal(removeApp(workspace, 'gmail'))).toMatchObject({
      code: 'invalid_value',
      message: "the app is in use by 'gmail:a'",
      hint: 'oauthctl revoke gmail:a',
    });
    await removeApp(workspace, 'gmail', 'work');
    expect((await listApps(workspace)).apps.map(({ name }) => name)).toEqual(['default']);
    expect((await refusal(removeApp(workspace, 'gmail', 'work'))).code).toBe('app_missing');
  });

  test('a connection that cannot be read may use it, so the app stays', async () => {
    const { world, workspace, connect } = plantTree();
    await setApp(workspace, good);
    await connect({ name: 'gmail', provider: 'gmail', app: 'default', clientId });
    world.files.set(`${paths.data}/connections/gmail.json`, '{"cut');
    expect((await refusal(removeApp(workspace, 'gmail'))).message).toContain("in use by 'gmail'");
  });
});
