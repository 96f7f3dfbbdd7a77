// The main job with each of the services that ship, through the packed program and the sandbox's own protocol checks:
// connect, status, refresh, status, revoke, status.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { shippedProviders } from '../../src/providers/generated-index.ts';
import { startSandbox } from '../../src/start-sandbox.ts';
import { oauthctl, temporaryFolder } from './support/run.ts';

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

/** The log of what a correct client would not have sent, wherever the sandbox's state rests. */
function violations(home: string): unknown[] {
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('state.json'));
  expect(files).toHaveLength(1);
  return JSON.parse(readFileSync(join(home, files[0] ?? ''), 'utf8')).violations;
}

/** Nothing that was printed or written holds one of the tokens, but what `token` prints. */
function expectSecret(tokens: readonly string[], printed: readonly string[], home: string): void {
  const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const written = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
  for (const token of tokens) expect([...printed, ...written].filter((text) => text.includes(token))).toEqual([]);
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
    expectSecret([before.access_token, after.access_token], printed, home);
    expect(violations(home)).toEqual([]);
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
  expect(violations(home)).toEqual([]);
});

test('Gmail and Drive end together, which is said before and shown after', async () => {
  const { ask, run, home } = session();
  await ask('connect', 'gmail');
  await ask('connect', 'google-drive');
  const asked = await run('revoke', 'gmail');
  expect(asked).toMatchObject({ exit: 2, answer: { error: { code: 'needs_confirmation' } } });
  expect(JSON.stringify(asked.answer)).toContain('google-drive');
  const { results } = await ask('revoke', 'gmail', '--yes');
  expect(results).toMatchObject([{ remote: 'revoked', also_affected: ['google-drive'] }]);
  const status = await run('status', 'google-drive');
  expect(status).toMatchObject({ exit: 8, answer: { data: { connections: [{ state: 'reconnect_required' }] } } });
  expect(violations(home)).toEqual([]);
});
