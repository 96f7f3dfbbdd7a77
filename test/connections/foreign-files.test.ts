// The files of other tools, as their documentation and sources show them: what is read out of each, and what is refused.
import { describe, expect, it } from 'vitest';
import { type ForeignRequest, readForeign } from '../../src/connections/adopting/read-foreign.ts';
import { plantTree, refusal } from './tree.ts';

const file = '/home/ann/work/file';

async function read(text: string, request: Partial<ForeignRequest> = {}) {
  const { world, workspace } = plantTree({
    env: { CLOUDSDK_CONFIG: '/gcloud', GH_CONFIG_DIR: '/gh', RCLONE_CONFIG: '/rclone.conf' },
  });
  for (const path of [file, '/gcloud/application_default_credentials.json', '/gh/hosts.yml', '/rclone.conf'])
    world.files.set(path, text);
  world.input = text;
  const plain = { from: file, file: undefined, provider: 'acme', entry: undefined, again: () => 'oauthctl import' };
  const { grant, ...found } = await readForeign(workspace, { ...plain, ...request });
  const { access, refresh, client, ...facts } = grant;
  const id = 'id' in client ? client.id : client.kind;
  return { ...facts, ...found, access: access?.reveal(), refresh: refresh?.reveal(), client: id };
}

describe('JSON', () => {
  it.each<[string, object, object]>([
    [
      'google-auth for Python: to_json()',
      {
        token: 'a',
        refresh_token: 'r',
        token_uri: 'https://oauth2.googleapis.com/token',
        client_id: 'c',
        client_secret: 's',
        scopes: ['x', 'y'],
        universe_domain: 'googleapis.com',
        account: 'ann@example.com',
        expiry: '2026-11-25T11:00:00.123456Z',
      },
      {
        access: 'a',
        refresh: 'r',
        client: 'c',
        scopes: ['x', 'y'],
        accountName: 'ann@example.com',
        expiresAt: Date.parse('2026-11-25T11:00:00.123Z'),
      },
    ],
    [
      'google-auth-library for Node: setCredentials()',
      { access_token: 'a', refresh_token: 'r', scope: 'x y', token_type: 'Bearer', expiry_date: 1_795_604_400_000 },
      { access: 'a', refresh: 'r', client: 'not_told', scopes: ['x', 'y'], expiresAt: 1_795_604_400_000 },
    ],
    [
      'golang.org/x/oauth2',
      { access_token: 'a', token_type: 'bearer', refresh_token: 'r', expiry: '2026-11-25T12:00:00.5+01:00' },
      { tokenType: 'bearer', expiresAt: Date.parse('2026-11-25T11:00:00.5Z') },
    ],
    ['golang.org/x/oauth2 without an end', { access_token: 'a', expiry: '0001-01-01T00:00:00Z' }, { expiresAt: null }],
    ['seconds since 1970', { access_token: 'a', expires_at: 1_795_604_400 }, { expiresAt: 1_795_604_400_000 }],
    [
      'oauth2client',
      { access_token: 'a', client_id: 'c', token_expiry: '2026-11-25T11:00:00Z' },
      { expiresAt: Date.parse('2026-11-25T11:00:00Z') },
    ],
    ['RFC 6749: from when is not told', { access_token: 'a', expires_in: 3600 }, { expiresAt: null }],
    ['an end that is none', { access_token: 'a', expires_at: 'soon' }, { expiresAt: null }],
  ])('%s', async (_, json, facts) => {
    expect(await read(JSON.stringify(json))).toMatchObject({ ...facts, isForOne: true, path: file });
  });

  it("gcloud's application default credentials", async () => {
    const json = {
      type: 'authorized_user',
      account: '',
      client_id: 'c',
      client_secret: 's',
      refresh_token: 'r',
      universe_domain: 'googleapis.com',
    };
    const found = await read(JSON.stringify(json), { from: 'gcloud' });
    expect(found).toMatchObject({ refresh: 'r', client: 'c', tool: 'gcloud', accountName: null, isForOne: true });
    expect(found.path).toBe('/gcloud/application_default_credentials.json');
    expect((await refusal(read('{"type":"external_account"}', { from: 'gcloud' }))).message).toContain(
      "'external_account'",
    );
  });
});

describe('gh', () => {
  const several = [
    'github.com:',
    '    git_protocol: https',
    '    users:',
    '        ann:',
    '            oauth_token: gho_ann',
    '        bob-1:',
    "            oauth_token: 'gho_bob'",
    '    user: ann',
    '    oauth_token: gho_ann',
    '',
  ].join('\n');

  it('one of several users is chosen', async () => {
    expect(await refusal(read(several, { from: 'gh' }))).toMatchObject({
      message: 'the file holds several: github.com/ann, github.com/bob-1',
    });
    const bob = await read(several, { from: 'gh', entry: 'github.com/bob-1' });
    expect(bob).toMatchObject({
      access: 'gho_bob',
      refresh: undefined,
      accountName: 'bob-1',
      isForOne: false,
      tool: 'gh',
    });
    expect(await read(several, { entry: 'github.com/ann' })).toMatchObject({
      access: 'gho_ann',
      client: '178c6fc778ccc68e1d6a',
    });
  });

  it('the form of before gh 2.40', async () => {
    const text = 'github.com:\n  user: ann\n  oauth_token: gho_ann\n  git_protocol: https\n';
    expect(await read(text, { from: 'gh' })).toMatchObject({ access: 'gho_ann', entry: 'github.com/ann' });
  });

  it.each([
    ['an anchor', 'github.com: &a\n    oauth_token: gho_a\n'],
    ['a flow mapping', 'github.com: {oauth_token: gho_a}\n'],
    ['a tab', 'github.com:\n\toauth_token: gho_a\n'],
    ['a folded value', 'github.com:\n    oauth_token: >\n        gho_a\n'],
    ['an escape', 'github.com:\n    oauth_token: "gho\\x5fa"\n'],
    ['a key twice', 'github.com:\n    oauth_token: gho_a\n    oauth_token: gho_b\n'],
    ['a list', 'github.com:\n    - gho_a\n'],
  ])('%s is not what gh writes', async (_, text) => {
    expect((await refusal(read(text, { from: 'gh' }))).message).toContain('it is not what gh writes');
  });

  it('a token through a pipe', async () => {
    expect(await read('gho_abc\n', { from: 'gh', file: '-' })).toMatchObject({
      access: 'gho_abc',
      path: null,
      isForOne: true,
    });
    expect((await refusal(read('github_pat_11AA\n', { from: 'gh', file: '-' }))).message).toContain('by hand');
  });
});

describe('rclone', () => {
  const conf = `; a comment
[disk]
type = local

[drive]
type = drive
client_id = c.apps.googleusercontent.com
client_secret = s
scope = drive
token = {"access_token":"a","token_type":"Bearer","refresh_token":"r","expiry":"2026-11-25T12:00:00.6514494+01:00"}
team_drive =
`;

  it('the remote with a token', async () => {
    const found = await read(conf, { from: 'rclone' });
    expect(found).toMatchObject({
      entry: 'drive',
      access: 'a',
      refresh: 'r',
      client: 'c.apps.googleusercontent.com',
      path: '/rclone.conf',
    });
    expect(await read(conf.replaceAll('\n', '\r\n'))).toMatchObject({ entry: 'drive', isForOne: false, tool: 'file' });
  });

  it('what is not there is said', async () => {
    expect((await refusal(read(conf, { from: 'rclone', entry: 'box' }))).message).toBe(
      "the file holds no 'box', only: drive",
    );
    expect((await refusal(read('[disk]\ntype = local\n', { from: 'rclone' }))).message).toContain('holds a token');
    expect((await refusal(read(conf.replace('{"access', '{access'), { from: 'rclone' }))).message).toContain("'drive'");
    expect(
      (await refusal(read('# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\nAAAA', { from: 'rclone' })))
        .message,
    ).toContain('encrypted');
  });
});

it.each([
  ['gcloud', '{"client_id":"c","refresh_token":"r"}', 'oauth2.googleapis.com'],
  ['-', '{"type":"authorized_user","refresh_token":"r"}', 'oauth2.googleapis.com'],
  ['-', '{"refresh_token":"r","token_uri":"https://login.acme.example/token"}', 'login.acme.example'],
  ['-', '{"refresh_token":"r"}', null],
  ['rclone', 'type = drive', 'oauth2.googleapis.com'],
  ['rclone', 'type = dropbox', 'api.dropboxapi.com'],
  ['rclone', 'type = onedrive', 'login.microsoftonline.com'],
  ['rclone', 'type = drive\ntoken_url = https://login.acme.example/token', 'login.acme.example'],
  ['rclone', 'type = jottacloud', null],
])('from %s, %s: where it was given', async (from, text, host) => {
  const remote = `[one]\n${text}\nclient_id = c\ntoken = {"refresh_token":"r"}\n`;
  expect(await read(from === 'rclone' ? remote : text, { from })).toMatchObject({ host });
});

it('a token alone, and what is nothing at all', async () => {
  expect(await read('xoxp-1-2-3\n', { from: '-' })).toMatchObject({
    access: 'xoxp-1-2-3',
    client: 'not_told',
    path: null,
  });
  const header = Buffer.from('{"alg":"PBES2-HS512+A256KW","enc":"A256GCM","typ":"oauthctl-export","v":1}').toString(
    'base64url',
  );
  expect((await refusal(read(`${header}.a.b.c.d`))).message).toBe('the file is an export of oauthctl');
  expect((await refusal(read('{"access_token":"a\\r\\nx: y"}'))).message).toContain('characters that no token has');
  expect((await refusal(read('two words'))).message).toContain('none of the forms that are known');
  expect((await refusal(read('x', { from: '/nowhere' }))).message).toBe('there is no file /nowhere');
});
