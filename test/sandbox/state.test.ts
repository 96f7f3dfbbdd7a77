// The state on disk: it outlives the process, holds no token, takes parallel requests one by one, and stays small.
import { expect, test } from 'vitest';
import { openStateFile } from '../../src/sandbox/state.ts';
import { createWorld } from '../support/world.ts';
import {
  authorizationUrl,
  connect,
  consented,
  createRig,
  exchange,
  get,
  gmailReadonly,
  json,
  post,
  refresh,
  stateFile,
  type Tokens,
  tokenUrl,
  verifier,
} from './rig.ts';

test('grants, switches and violations are there for the next process', async () => {
  const rig = await createRig(['testing=silent']);
  const { refresh_token } = await connect(rig);
  await get(rig, tokenUrl);
  const next = rig.another();
  const answer = await post({ sandbox: next }, tokenUrl, {
    grant_type: 'refresh_token',
    refresh_token,
    client_id: rig.app.clientId,
    client_secret: rig.app.clientSecret?.reveal(),
  });
  expect(answer.status).toBe(200);
  const report = await next.control([]);
  expect(report.switches).toEqual(['testing=silent']);
  expect(report.violations).toMatchObject([{ place: 'nowhere', code: 'wrong_method', at: rig.now() }]);
  expect((await next.control(['forget-violations'])).violations).toEqual([]);
  expect(await rig.violations()).toEqual([]);
});

test('a key made by one process signs for the next', async () => {
  const rig = await createRig();
  const certs = 'https://www.googleapis.com/oauth2/v3/certs';
  rig.files.delete(stateFile);
  const first = await get(rig, certs);
  expect((await get({ sandbox: rig.another() }, certs)).body).toBe(first.body);
  expect(rig.stateText()).toContain('"signingKey"');
});

test('no token, code, verifier, state or secret is on disk: hashes only', async () => {
  const rig = await createRig();
  const callback = await consented(rig, { nonce: 'a-nonce' });
  const code = callback.searchParams.get('code') ?? '';
  const tokens = json<Tokens>(await exchange(rig, code));
  const device = json<{ device_code: string; user_code: string }>(
    await post(rig, 'https://oauth2.googleapis.com/device/code', {
      client_id: rig.app.clients.tv?.clientId,
      scope: 'openid',
    }),
  );
  await exchange(rig, code);
  await get(rig, `https://oauth2.googleapis.com/tokeninfo?access_token=${tokens.access_token}`);
  const text = rig.stateText();
  const secrets = [
    code,
    verifier,
    tokens.access_token,
    tokens.refresh_token,
    tokens.id_token,
    device.device_code,
    device.user_code,
    rig.app.clientSecret?.reveal() ?? '',
    callback.searchParams.get('state') ?? '',
  ];
  expect(secrets.filter((secret) => secret === '' || text.includes(secret))).toEqual([]);
  expect(text).toContain('code_replayed');
});

test('what changes nothing writes nothing', async () => {
  const rig = await createRig();
  await connect(rig);
  const before = rig.stateText();
  rig.files.set(stateFile, before);
  await get(rig, authorizationUrl(rig));
  expect(rig.stateText()).toBe(before);
});

test('twenty requests at once: nothing is lost, and one code is good once', async () => {
  const rig = await createRig();
  const all = await Promise.all(Array.from({ length: 20 }, () => connect(rig)));
  const alive = await Promise.all(all.map(async ({ refresh_token }) => (await refresh(rig, refresh_token)).status));
  expect(alive).toEqual(Array(20).fill(200));
  const code = (await consented(rig)).searchParams.get('code');
  const sandboxes = Array.from({ length: 20 }, () => ({ ...rig, sandbox: rig.another() }));
  const answers = await Promise.all(sandboxes.map((each) => exchange(each, code)));
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, ...Array(19).fill(400)]);
  expect(await rig.violations()).toEqual(Array(19).fill('code_replayed'));
});

test('thousands of requests do not fill the file', async () => {
  const rig = await createRig();
  const { refresh_token } = await connect(rig, { scope: gmailReadonly });
  for (let count = 0; count < 1000; count++) await refresh(rig, refresh_token);
  for (let count = 0; count < 200; count++) await get(rig, tokenUrl);
  const full = rig.stateText().length;
  for (let count = 0; count < 100; count++) await refresh(rig, refresh_token);
  for (let count = 0; count < 50; count++) await get(rig, tokenUrl);
  expect(rig.stateText().length).toBeLessThan(full + 1000);
  expect(full).toBeLessThan(500_000);
  expect(await rig.violations()).toHaveLength(200);
  expect((await refresh(rig, refresh_token)).status).toBe(200);
});

test.each(['not json', '[]', '{"version":2}', ''])(
  'a state file with %j is an error, and is not overwritten',
  async (text) => {
    const rig = await createRig();
    rig.files.set(stateFile, text);
    await expect(get(rig, tokenUrl)).rejects.toMatchObject({
      code: 'store_unavailable',
      hint: expect.stringContaining(stateFile),
    });
    expect(rig.stateText()).toBe(text);
  },
);

test('the first change makes the file', async () => {
  const rig = await createRig();
  rig.files.delete(stateFile);
  expect(await rig.violations()).toEqual([]);
  await get(rig, tokenUrl);
  expect(await rig.violations()).toEqual(['wrong_method']);
});

test('Gmail and Drive are seeded with the same app, and one of each kind', async () => {
  const { providers } = await (await createRig()).sandbox.seed();
  expect(providers.gmail).toBe(providers['google-drive']);
  for (const app of [providers.gmail, providers['google-drive']].filter((found) => found !== undefined)) {
    expect(Object.keys(app.clients)).toEqual(['desktop', 'web', 'tv']);
    expect(app.account).toEqual({ id: '103141592653589793238', name: 'ada@example.com' });
    for (const { clientId, clientSecret } of Object.values(app.clients)) {
      expect(clientId).toMatch(/^\d{12}-[a-z0-9]{32}\.apps\.googleusercontent\.com$/);
      expect(clientSecret?.reveal()).toMatch(/^GOCSPX-Sandbox\w{21}$/);
    }
  }
});

test.each([
  '{"version":1}',
  '{"version":1,"switches":{},"violations":[],"signingKey":null,"families":null}',
  '{"version":1,"switches":{"http-429":1},"violations":[],"signingKey":null,"families":{}}',
  '{"version":1,"switches":{},"violations":[null],"signingKey":null,"families":{}}',
])('%s is no state, and is told so', async (text) => {
  const { files, system } = createWorld();
  files.set('/state/sandbox.json', text);
  const file = openStateFile(system.files, '/state/sandbox.json');
  await expect(file.read()).rejects.toMatchObject({
    code: 'store_unavailable',
    hint: expect.stringMatching(/^remove /),
  });
});
