// The real program where nothing but a proxy leads out, and where the network shows certificates of its own: every command goes
// through, says what is wrong when it cannot, and never shows what the proxy wants to be told.
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { authority } from '../support/certificates.ts';
import { startProxy } from '../support/connect-proxy.ts';
import { cert as selfSigned } from '../system/self-signed.ts';
import { clientId, clientSecret, startAuthorizationServer } from './support/authorization-server.ts';
import { mustSucceed, oauthctl, temporaryFolder } from './support/run.ts';

const host = 'login.acme.test';
const password = 'pr0xy-canary/+';
const browser = fileURLToPath(new URL('support/visit-tunnelled.mjs', import.meta.url));
const sealKey = { OAUTHCTL_KEY: randomBytes(32).toString('base64') };

/** A server that only the proxy knows the way to, and a home that is connected to it. */
async function behindProxy() {
  const server = await startAuthorizationServer({ secureAs: host });
  const proxy = await startProxy({ to: server.port, credentials: `ann:${password}` });
  const home = temporaryFolder();
  const file = join(home, 'authority.pem');
  writeFileSync(file, authority);
  const through = { ...sealKey, HTTPS_PROXY: `http://ann:${encodeURIComponent(password)}@127.0.0.1:${proxy.port}` };
  const trusting = { ...through, NODE_EXTRA_CA_CERTS: file, BROWSER: browser };
  const printed: string[] = [];
  const run = async (args: readonly string[], env: Record<string, string>, input?: string) => {
    const ran = await oauthctl([...args, '--verbose'], home, { env, ...(input === undefined ? {} : { input }) });
    printed.push(ran.stdout, ran.stderr);
    return { ...ran, json: args.includes('--json') ? JSON.parse(ran.stdout) : undefined };
  };
  await mustSucceed(['provider', 'add', 'acme', '--issuer', server.issuer, '--scope', 'read'], home, { env: trusting });
  const app = ['app', 'set', 'acme', '--client-id', clientId, '--client-secret-stdin'];
  await mustSucceed(app, home, { env: trusting, input: `${clientSecret}\n` });
  await mustSucceed(['connect', 'acme', '--verbose'], home, { env: trusting });
  return { server, proxy, home, file, through, trusting, run, printed };
}

function credentialsIn(texts: readonly string[]): string[] {
  const spellings = [password, encodeURIComponent(password), Buffer.from(`ann:${password}`).toString('base64')];
  return spellings.filter((spelling) => texts.some((text) => text.includes(spelling)));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}

test('every command goes through the proxy, with the CA that Node was given, and tells nobody its credentials', async () => {
  const { server, proxy, home, trusting, run, printed } = await behindProxy();
  const status = await run(['status', 'acme', '--json'], trusting);
  expect(status.json.data.connections).toMatchObject([{ state: 'healthy', problem: null }]);
  expect((await run(['refresh', 'acme'], trusting)).exit).toBe(0);
  expect(server.refreshes()).toBe(1);
  expect((await run(['provider', 'refresh', 'acme'], trusting)).exit).toBe(0);
  expect((await run(['revoke', 'acme', '--yes'], trusting)).exit).toBe(0);
  expect(new Set(proxy.asked)).toEqual(new Set([`${host}:443`]));
  expect(credentialsIn([...printed, ...filesBelow(home)])).toEqual([]);
});

test('--ca-file and OAUTHCTL_CA_FILE do the same; without them the issuer is named', async () => {
  const { file, home, through, run } = await behindProxy();
  const states = async (args: readonly string[], env: Record<string, string>) => {
    const { exit, json } = await run(['status', 'acme', '--json', ...args], env);
    return { exit, connection: json.data.connections[0] };
  };
  const healthy = { exit: 0, connection: { state: 'healthy' } };
  expect(await states(['--ca-file', file], through)).toMatchObject(healthy);
  expect(await states([], { ...through, OAUTHCTL_CA_FILE: file })).toMatchObject(healthy);
  // What Node was given stays in force beside another file.
  const other = join(home, 'other.pem');
  writeFileSync(other, selfSigned);
  expect(await states(['--ca-file', other], { ...through, NODE_EXTRA_CA_CERTS: file })).toMatchObject(healthy);
  const { exit, connection } = await states([], through);
  expect({ exit, state: connection.state, code: connection.problem.code }).toEqual({
    exit: 6,
    state: 'unreachable',
    code: 'unreachable',
  });
  expect(connection.problem.message).toContain("was issued by 'Acme Corp Inspection CA (Acme Corp)'");
  expect(connection.problem.hint).toMatch(/--ca-file FILE.*NODE_EXTRA_CA_CERTS/);
  const nowhere = join(home, 'nowhere.pem');
  const refused = await run(['status', 'acme', '--json', '--ca-file', nowhere], through);
  expect(refused).toMatchObject({ exit: 2, json: { error: { code: 'invalid_value' } } });
  expect(refused.json.error.message).toBe(`--ca-file names ${nowhere}, which is not there`);
});

test('a proxy that refuses leaves the refresh token unspent, and the next one goes through', async () => {
  const { server, proxy, trusting, run, printed } = await behindProxy();
  const wrong = { ...trusting, HTTPS_PROXY: `http://ann:${encodeURIComponent(password)}x@127.0.0.1:${proxy.port}` };
  const { exit, json } = await run(['refresh', 'acme', '--json'], wrong);
  expect({ exit, results: json.data.results }).toMatchObject({
    exit: 6,
    results: [{ outcome: 'unreachable', problem: { code: 'unreachable' } }],
  });
  expect(json.data.results[0].problem.message).toContain(`the proxy 127.0.0.1:${proxy.port} (HTTPS_PROXY)`);
  expect(json.data.results[0].problem.message).toContain('HTTP 407');
  expect(server.refreshes()).toBe(0);
  expect((await run(['refresh', 'acme', '--json'], trusting)).json.data.results).toMatchObject([
    { outcome: 'refreshed', problem: null },
  ]);
  expect(credentialsIn(printed)).toEqual([]);
});

test('settings of the network that cannot be understood stop what goes there, and nothing else', async () => {
  const { server, proxy, trusting, run, printed } = await behindProxy();
  const wrong = { ...trusting, HTTPS_PROXY: `socks5://ann:${encodeURIComponent(password)}@127.0.0.1:${proxy.port}` };
  const before = proxy.asked.length;
  for (const command of ['status', 'refresh', 'connect']) {
    const { exit, stdout } = await run([command, 'acme', '--json'], wrong);
    expect({ command, exit, names: stdout.includes('settings_invalid') }).toEqual({ command, exit: 7, names: true });
  }
  expect((await run(['token', 'acme'], wrong)).stdout).toBe(`${server.accessTokens[0]}\n`);
  expect((await run(['list'], wrong)).exit).toBe(0);
  expect(proxy.asked.length).toBe(before);
  expect(credentialsIn(printed)).toEqual([]);
});

test('a proxy is not taken from --env-file, though Node reads that file too', async () => {
  const { proxy, home, file, through, run } = await behindProxy();
  const dotenv = join(home, 'app.env');
  writeFileSync(dotenv, `HTTPS_PROXY=${through.HTTPS_PROXY}\nOAUTHCTL_CA_FILE=${file}\n`);
  const before = proxy.asked.length;
  const { json } = await run(['status', 'acme', '--json', '--env-file', dotenv], sealKey);
  expect(json.data.connections).toMatchObject([{ state: 'unreachable' }]);
  expect(proxy.asked.length).toBe(before);
});
