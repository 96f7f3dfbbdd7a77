// The main job with each of the services that ship, through the packed program and the sandbox's own protocol checks:
// connect, status, refresh, status, revoke, status.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compactDecrypt } from 'jose';
import { describe, expect, test } from 'vitest';
import { shippedProviders } from '../../src/providers/generated-index.ts';
import { startSandbox } from '../../src/start-sandbox.ts';
import { oauthctl, sandboxStates, temporaryFolder } from './support/run.ts';

/** `mainJob` of test/providers/<id>.json: what the service lets the main job come to. */
interface Expected {
  readonly account: string;
  /** What the refresh token does at a refresh. */
  readonly rotates: boolean;
  /** What revoking comes to, and how that is known. */
  readonly remote: 'revoked' | 'unsupported';
  readonly proof: 'probe_rejected' | 'introspected' | 'none';
}

const fixtures = new URL('../providers/', import.meta.url);
const shipped = Object.keys(shippedProviders);

function expectedOf(id: string): Expected {
  return JSON.parse(readFileSync(new URL(`${id}.json`, fixtures), 'utf8')).mainJob;
}

/** Every token of a grant, from its record: opened as another program would, with the key that rests in the sandbox's tree. */
async function tokensAtRest(home: string, name: string): Promise<string[]> {
  const data = join(home, '.local/share/oauthctl/sandbox');
  const { sealed } = JSON.parse(readFileSync(join(data, `connections/${name}.json`), 'utf8'));
  const key = Buffer.from(readFileSync(join(data, 'seal.key'), 'utf8').trim(), 'base64');
  const { plaintext } = await compactDecrypt(sealed, key);
  const { roles, id_token } = JSON.parse(Buffer.from(plaintext).toString());
  const held = Object.values<{ access_token: string; refresh_token: string | null }>(roles);
  return [id_token, ...held.flatMap((role) => [role.access_token, role.refresh_token])].filter(Boolean);
}

/** What the sandbox's registrations have for a secret: the same in every sandbox. */
async function clientSecrets(provider: string): Promise<string[]> {
  const sandbox = await startSandbox({ providers: [provider] });
  await sandbox.close();
  return Object.values(sandbox.apps[provider]?.clients ?? {}).flatMap(({ clientSecret }) => clientSecret || []);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

/** Nothing that was printed or written holds one of the secrets, but what `token` prints. */
function expectSecret(secrets: readonly string[], printed: readonly string[], home: string): void {
  const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const written = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
  const texts = [...printed, ...written];
  for (const secret of secrets) expect(texts.filter((text) => text.includes(secret))).toEqual([]);
  // Codes and tokens that the sandbox makes say so: 256 bits in base64url follow the word.
  expect(texts.filter((text) => /Sandbox[\w-]{43}/.test(text))).toEqual([]);
  // A verifier (RFC 7636 §4.1) is known by its challenge, which the printed address holds.
  const challenges = [...printed.join('\n').matchAll(/code_challenge=([\w-]+)/g)].map(([, challenge]) => challenge);
  const words = texts.flatMap((text) => text.match(/[\w.~-]{43,128}/g) ?? []);
  expect(words.filter((word) => challenges.includes(sha256(word)))).toEqual([]);
}

function session() {
  const home = temporaryFolder();
  const printed: string[] = [];
  const run = async (...line: string[]) => {
    const args = ['--sandbox', '--sandbox-consent', 'auto', '--json', '--verbose', ...line];
    const { exit, stdout, stderr } = await oauthctl(args, home);
    printed.push(stderr, ...(line[0] === 'token' ? [] : [stdout]));
    return { exit, answer: JSON.parse(stdout) };
  };
  const ask = async (...line: string[]) => {
    const { exit, answer } = await run(...line);
    expect({ exit, error: answer.error }).toEqual({ exit: 0, error: undefined });
    return answer.data;
  };
  return { home, printed, run, ask };
}

describe.each(shipped)('%s', (provider) => {
  const expected = expectedOf(provider);

  test('connect, status, refresh, status, revoke, status', async () => {
    const { home, printed, run, ask } = session();
    const { connection, flow } = await ask('connect', provider);
    expect(flow).toBe('loopback');
    expect(connection.account.id).toEqual(expect.any(String));
    expect(connection.account.name).toContain(expected.account);
    expect(connection.scopes.missing).toEqual([]);
    expect(connection.refresh_token.present).toBe(true);
    const secrets = await tokensAtRest(home, provider);

    const healthy = { connections: [{ name: provider, state: 'healthy', problem: null, account: connection.account }] };
    expect(await ask('status', provider)).toMatchObject(healthy);

    const before = await ask('token', provider);
    expect(await ask('refresh', provider)).toEqual({
      results: [{ name: provider, outcome: 'refreshed', problem: null }],
    });
    const after = await ask('token', provider);
    expect(after.access_token).not.toBe(before.access_token);
    const again = await ask('status', provider);
    expect(again).toMatchObject(healthy);
    expect(again.connections[0].refresh_token.rotates).toBe(expected.rotates);
    secrets.push(...(await tokensAtRest(home, provider)), ...(await clientSecrets(provider)));
    expect(secrets).toEqual(expect.arrayContaining([before.access_token, after.access_token]));
    expect(new Set(secrets).size).toBeGreaterThan(2);

    const revoked = await run('revoke', provider, '--yes');
    expect(revoked.answer.data.results).toMatchObject([
      { name: provider, remote: expected.remote, proof: expected.proof, local: 'deleted', problem: null },
    ]);
    expect(revoked.exit).toBe(expected.proof === 'none' ? 8 : 0);
    const [{ finish_at, alive_until }] = revoked.answer.data.results;
    // Where an app cannot end a grant, the person is told where to, and until when it lives.
    if (expected.remote === 'unsupported') {
      expect(finish_at).toMatch(/^https:/);
      expect(Date.parse(alive_until)).toBeGreaterThan(Date.now() + 80 * 86_400_000);
    }
    expect(await run('status', provider)).toMatchObject({
      exit: 3,
      answer: { error: { code: 'connection_not_found' } },
    });
    expectSecret(secrets, printed, home);
    expect(sandboxStates(home)).toMatchObject([{ violations: [] }]);
  });
});

test('a key of Trello’s older kind: the token comes in the fragment, and its own address is in no log', async () => {
  const { home, printed, run, ask } = session();
  const sandbox = await startSandbox({ providers: ['trello'] });
  await sandbox.close();
  const key = sandbox.apps.trello?.clients.legacy?.clientId ?? '';
  await ask('app', 'set', 'trello', '--name', 'key', '--kind', 'legacy', '--client-id', key, '--public');
  const { connection, flow } = await ask('connect', 'trello', '--app', 'key', '--param', 'expiration=1day');
  expect(flow).toBe('fragment');
  expect(connection).toMatchObject({ kind: 'legacy', refresh_token: { present: false } });
  const lasts = Date.parse(connection.grant.ends_at) - Date.now();
  expect(lasts).toBeGreaterThan(86_000_000);
  expect(lasts).toBeLessThan(87_000_000);
  const { access_token } = await ask('token', 'trello');
  expect(await ask('status', 'trello')).toMatchObject({
    connections: [{ state: 'expiring', account: connection.account }],
  });
  expect((await ask('refresh', 'trello')).results).toMatchObject([{ outcome: 'fresh' }]);
  const revoked = await ask('revoke', 'trello', '--yes');
  expect(revoked.results).toMatchObject([{ remote: 'revoked', proof: 'probe_rejected', local: 'deleted' }]);
  expect((await run('status', 'trello')).exit).toBe(3);
  expect(printed.join('\n')).toContain('/1/tokens/');
  expectSecret([access_token], printed, home);
});

test('Gmail and Drive end together, which is said before and shown after', async () => {
  const { ask, run } = session();
  await ask('connect', 'gmail');
  await ask('connect', 'google-drive');
  const asked = await run('revoke', 'gmail');
  expect(asked).toMatchObject({ exit: 2, answer: { error: { code: 'needs_confirmation' } } });
  expect(JSON.stringify(asked.answer)).toContain('google-drive');
  const { results } = await ask('revoke', 'gmail', '--yes');
  expect(results).toMatchObject([{ remote: 'revoked', also_affected: ['google-drive'] }]);
  const status = await run('status', 'google-drive');
  expect(status).toMatchObject({ exit: 8, answer: { data: { connections: [{ state: 'reconnect_required' }] } } });
});
