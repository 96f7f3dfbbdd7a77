// A program on the real system, for what only a process of its own can show: real-system-probe ACT ARGUMENT.
import { CliError } from '../../src/errors.ts';
import type { System } from '../../src/model/ports.ts';
import { createFastPorts } from '../../src/system/fast-ports.ts';
import { realSystem } from '../../src/system/real-system.ts';

const acts: Record<string, (system: System, argument: string) => Promise<unknown>> = {
  open: async ({ userAgent, streams }, url) => streams.out(String(await userAgent.open(url))),
  echo: async ({ streams }) => streams.out(await streams.readInput()),
  many: async ({ streams }, megabytes) => {
    await streams.out('x'.repeat(Number(megabytes) * 1024 * 1024));
    await streams.out('end\n');
    streams.err('done');
  },
  /** Something switched the shared pipe to non-blocking. */
  nonblocking: async (system, megabytes) => {
    process.stdout.on('drain', () => {});
    await acts.many?.(system, megabytes);
  },
  facts: async ({ streams, prompter, env }) => {
    const { outIsTerminal, errIsTerminal, inIsTerminal, columns } = streams;
    const { interactive } = prompter;
    const key = env.get('OAUTHCTL_KEY') ?? null;
    await streams.out(JSON.stringify({ outIsTerminal, errIsTerminal, inIsTerminal, columns, interactive, key }));
  },
  /** What a fresh `token` or `list` touches; then the modules that Node has loaded for it. */
  hot: async ({ streams, files, clock, env }, path) => {
    await files.readOwn(path);
    await files.list(env.workingFolder);
    clock.now();
    const loaded = (process as unknown as { moduleLoadList: string[] }).moduleLoadList;
    await streams.out(JSON.stringify(loaded));
  },
  read: async ({ files, streams }, path) => streams.out((await files.readOwn(path)) ?? ''),
  'read fast': async ({ streams }, path) => streams.out((await createFastPorts().files.readOwn(path)) ?? ''),
  wait: async ({ signals, clock, streams }) => {
    streams.err('ready');
    await clock.sleep(60_000, signals.interrupted);
    await streams.out('interrupted');
  },
  fetch: async ({ fetch, signals, streams }, url) => {
    void signals;
    await fetch({ method: 'GET', url, headers: {}, timeoutMs: 60_000 });
    await streams.out('answered');
  },
};

const [act = '', argument = ''] = process.argv.slice(2);
const system = realSystem({ version: '1.2.3', childPath: '/none', noInput: false });
acts[act]?.(system, argument).catch((error) => {
  system.streams.err(error instanceof CliError ? error.code : String(error));
  process.exitCode = 1;
});
