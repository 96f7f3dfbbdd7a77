// The main job with each of the services that ship, through the packed program and the sandbox's own protocol checks:
// connect, status, refresh, status, revoke, status.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { shippedProviders } from '../../src/providers/generated-index.ts';
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

function session() {
  const home = temporaryFolder();
  const run = async (...line: string[]) => {
    const args = ['--sandbox', '--sandbox-consent', 'auto', '--json', ...line];
    const { exit, stdout } = await oauthctl(args, home);
    return { exit, answer: JSON.parse(stdout) };
  };
  const ask = async (...line: string[]) => {
    const { exit, answer } = await run(...line);
    expect({ exit, error: answer.error }).toEqual({ exit: 0, error: undefined });
    return answer.data;
  };
  return { home, run, ask };
}

describe.each(shipped)('%s', (provider) => {
  const expected = expectedOf(provider);

  test('connect, status, refresh, status, revoke, status', async () => {
    const { home, run, ask } = session();
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
    expect(violations(home)).toEqual([]);
  });
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
