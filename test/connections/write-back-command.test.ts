// A program that receives what a refresh gave; a sign-in that is given too; and what is owed after a job was killed.
import { describe, expect, it } from 'vitest';
import { workingToken } from '../../src/connections/access-token.ts';
import { connect } from '../../src/connections/connect.ts';
import { freshen, unlessInterrupted } from '../../src/connections/freshen.ts';
import type { Spawned } from '../../src/model/ports.ts';
import { bundleIn, file, type JobOptions, once, recordOf, startJob } from './ci-job.ts';
import { agree, createRig, signIn } from './rig.ts';
import { refusal } from './tree.ts';

const ok: Spawned = { kind: 'ended', exit: 0, output: '' };

describe('a sign-in', () => {
  const begin = async (writeBack: string) => {
    const rig = createRig();
    const { workspace, world } = await rig.process({ writeBack });
    agree(world);
    return { workspace, world, rig };
  };

  it('is given too', async () => {
    const { workspace, world } = await begin(file);
    await connect(workspace, signIn);
    expect(bundleIn(world.files.get(file)).connection).toMatchObject({ name: 'acme', generation: 1 });
  });

  it('does not begin where it could not be given', async () => {
    const { workspace, world } = await begin('command:no-such-program');
    expect(await refusal(connect(workspace, signIn))).toMatchObject({ code: 'store_unavailable' });
    expect(world.opened).toEqual([]);
  });
});

describe('a command', () => {
  const writeBack = "command:gh secret set 'OAUTHCTL STATE'";
  const withGh = async (changes: JobOptions = {}) => {
    const started = await startJob({ writeBack, env: { CI: 'true', PATH: '/usr/bin:/bin' }, ...changes });
    started.files.set('/bin/gh', '', { mode: 0o755 });
    return started;
  };

  it('reads the new state from its standard input, and is told whose it is', async () => {
    const { workspace, world } = await withGh();
    world.program = () => ok;
    expect((await freshen(workspace, 'acme', once)).kind).toBe('refreshed');
    expect(world.spawned).toHaveLength(1);
    const [request] = world.spawned;
    expect(request).toMatchObject({
      argv: ['/bin/gh', 'secret', 'set', 'OAUTHCTL STATE'],
      env: { OAUTHCTL_WRITE_BACK_NAME: 'acme' },
      timeoutMs: 30_000,
    });
    expect(bundleIn(request?.input).connection.generation).toBe((await recordOf(workspace))?.generation);
  });

  it.each<[string, Spawned, string]>([
    ['fails', { kind: 'ended', exit: 4, output: 'secret things' }, 'ended with 4'],
    ['hangs', { kind: 'timed_out' }, 'did not end within 30 seconds'],
    ['is killed', { kind: 'killed', signal: 'SIGKILL' }, 'was ended by SIGKILL'],
    ['cannot be started', { kind: 'not_started', why: 'EACCES' }, 'could not be started (EACCES)'],
  ])('that %s is an error, the token is at rest, and the next call gives it', async (_, spawned, words) => {
    const { workspace, world, server, process, files } = await withGh();
    world.program = () => spawned;
    const error = await refusal(workingToken(workspace, 'acme', { minValidSeconds: 60 }));
    expect(error).toMatchObject({ code: 'store_unavailable' });
    expect(error.message).toContain(words);
    expect(error.message).not.toContain('secret things');
    expect(error.hint).toBe(`oauthctl token acme --write-back 'command:gh secret set '\\''OAUTHCTL STATE'\\'''`);
    const next = await process();
    next.world.program = () => ok;
    const token = await workingToken(next.workspace, 'acme', { minValidSeconds: 60 });
    expect(token.accessToken.reveal()).toBe(server.access);
    expect([server.spends, next.world.spawned.length]).toEqual([1, 1]);
    expect(files.paths('/data/owed')).toEqual([]);
  });

  it('that is not there is met before anything is spent', async () => {
    const { workspace, server, files } = await withGh();
    files.entries.delete('/bin/gh');
    files.set('/home/ann/work/gh', '', { mode: 0o755 });
    expect(await freshen(workspace, 'acme', once)).toMatchObject({ kind: 'withheld' });
    files.set('/bin/gh', '', { mode: 0o644 });
    expect(await freshen(workspace, 'acme', once)).toMatchObject({ kind: 'withheld' });
    expect(server.spends).toBe(0);
  });

  it('is waited for when the job is cancelled meanwhile', async () => {
    const { workspace, world, files } = await withGh();
    world.program = () => {
      world.signal('SIGTERM');
      return ok;
    };
    const outcome = await freshen(workspace, 'acme', once);
    expect(() => unlessInterrupted(workspace, outcome)).toThrow('had been refreshed and saved');
    expect(files.paths('/data/owed')).toEqual([]);
  });
});

it('killed at any change to a file, what was saved is given by the next call', async () => {
  let cuts = 0;
  for (let nth = 1; ; nth++) {
    const { workspace, rig, server, files, process } = await startJob({ writeBack: file });
    files.faults.push({ kind: 'killed', nth });
    const done = freshen(workspace, 'acme', once).then(() => 'done');
    const killed = rig.world.system.clock.sleep(60_000).then(() => 'killed');
    if ((await Promise.race([done, killed])) === 'done') break;
    cuts++;
    files.faults.length = 0;
    const next = await process();
    const outcome = await workingToken(next.workspace, 'acme', { minValidSeconds: 60 }).then(
      ({ accessToken }) => accessToken.reveal(),
      () => undefined,
    );
    if (outcome === undefined) continue;
    expect(outcome).toBe(server.access);
    expect([nth, bundleIn(files.get(file)).connection?.generation]).toEqual([
      nth,
      (await recordOf(next.workspace))?.generation,
    ]);
    expect(files.paths('/data/owed')).toEqual([]);
  }
  expect(cuts).toBeGreaterThanOrEqual(8);
});
