// Programs of the person's own: what comes back, what they may see, and how they end.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { SpawnRequest } from '../../src/model/ports.ts';
import { createSpawner } from '../../src/system/spawner.ts';
import { bundleTo } from '../support/bundle.ts';

const deadlineMs = 20_000;

function run(script: string, request: Partial<SpawnRequest> = {}, interruption?: AbortSignal) {
  const variables = {
    ...process.env,
    OAUTHCTL_KEY: 'planted-key',
    OAUTHCTL_GMAIL_CLIENT_SECRET: 'planted-secret',
    SEEN: 'yes',
  };
  const spawner = createSpawner({ variables, cutsShort: () => interruption });
  return spawner({ argv: [process.execPath, '-e', script], timeoutMs: deadlineMs, ...request });
}

test('the output and the exit come back', async () => {
  expect(await run('process.stdout.write("ä answer\\n"); process.exitCode = 3')).toEqual({
    kind: 'ended',
    exit: 3,
    output: 'ä answer\n',
  });
});

test('input is handed over; without it there is none to wait for', async () => {
  const echo = 'process.stdin.pipe(process.stdout)';
  expect(await run(echo, { input: 'a secret' })).toMatchObject({ output: 'a secret' });
  expect(await run(echo)).toMatchObject({ output: '' });
  expect(await run('process.exit(0)', { input: 'x'.repeat(1_000_000) })).toMatchObject({ kind: 'ended', exit: 0 });
});

test('the environment is handed on, without our secrets', async () => {
  const { output } = (await run('process.stdout.write(JSON.stringify(process.env))')) as { output: string };
  expect(JSON.parse(output)).toMatchObject({ SEEN: 'yes' });
  expect(output).not.toContain('planted');
});

test('variables of the request come on top', async () => {
  const script = 'process.stdout.write(JSON.stringify([process.env.SEEN, process.env.MORE]))';
  expect(await run(script, { env: { SEEN: 'anew', MORE: 'too' } })).toMatchObject({ output: '["anew","too"]' });
});

test('no shell: what is special to one is handed over as it stands', async () => {
  const words = ['$(id)', '&&', '"', "'", '%PATH%', 'a b'];
  const argv = [process.execPath, '-e', 'process.stdout.write(JSON.stringify(process.argv.slice(1)))', '--', ...words];
  const { output } = (await run('', { argv: argv as [string] })) as { output: string };
  expect(JSON.parse(output)).toEqual(words);
});

test('what cannot be started, is killed, never ends or never stops talking is told apart', async () => {
  expect(await run('', { argv: ['no-such-program-of-anybody'] })).toEqual({ kind: 'not_started', why: 'ENOENT' });
  expect(await run('process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)')).toEqual({
    kind: 'killed',
    signal: 'SIGTERM',
  });
  expect(await run('setInterval(() => {}, 1000)', { timeoutMs: 50 })).toEqual({ kind: 'timed_out' });
  expect(await run('setInterval(() => console.log("x".repeat(100000)), 1)')).toEqual({ kind: 'too_long' });
});

test('an interruption ends the child and the wait', async () => {
  const interruption = new AbortController();
  const running = run('setInterval(() => {}, 1000)', {}, interruption.signal);
  interruption.abort();
  await expect(running).rejects.toMatchObject({ code: 'cancelled' });
});

test('a child of its own that goes on is not waited for: neither at its end nor at the deadline', async () => {
  const grandchild = `require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 4000)'], { stdio: 'inherit' }).unref()`;
  expect(await run(`console.log('done'); ${grandchild}; process.exit(0)`)).toEqual({
    kind: 'ended',
    exit: 0,
    output: 'done\n',
  });
  expect(await run(`${grandchild}; setInterval(() => {}, 1000)`, { timeoutMs: 500 })).toEqual({ kind: 'timed_out' });
});

test('after a deadline nothing keeps this process from ending', async () => {
  const program = `
    import { createSpawner } from ${JSON.stringify(new URL('../../src/system/spawner.ts', import.meta.url).pathname)};
    const spawner = createSpawner({ variables: process.env, cutsShort: () => undefined });
    const inner = "require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 4000)'], { stdio: 'inherit' }); setInterval(() => {}, 1000)";
    spawner({ argv: [process.execPath, '-e', inner], timeoutMs: 500 }).then(({ kind }) => console.log(kind));
  `;
  const path = fileURLToPath(new URL(`../../.cache/spawner-${process.pid}.cjs`, import.meta.url));
  await bundleTo(path, program);
  try {
    expect(await run('', { argv: [process.execPath, path], timeoutMs: 10_000 })).toMatchObject({
      output: 'timed_out\n',
      exit: 0,
    });
  } finally {
    rmSync(path);
  }
});
