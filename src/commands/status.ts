// `oauthctl status`: asks each provider whether the grant works.
import { connectionJson } from '../connections/facts.ts';
import { type Checked, checkConnections } from '../connections/status.ts';
import { createTurns, type Turns } from '../connections/turns.ts';
import type { Context } from '../context.ts';
import { CliError, combineExits } from '../errors.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { argumentsOf, flagOf, numberOf, textOf } from '../model/command-input.ts';
import { toRfc3339 } from '../model/instants.ts';
import type { JsonObject } from '../model/json.ts';
import { connectionStates, count, list, object, shared } from '../model/json-schema.ts';
import { accountCell, lifeCells, reasonLines, stateCell, textCell } from '../ui/cells.ts';
import { linesOn, problemJson } from '../ui/problems.ts';
import { unreadableJson } from '../ui/show-unreadable.ts';

export const definition: CommandDefinition = {
  path: ['status'],
  aliases: ['check'],
  summary: 'ask each provider whether the grant works',
  says: 'Never opens a browser, never asks you, and refreshes only what has ended. Exit 0: all work; 8: something is wrong; 6: only the network is.',
  arguments: [
    { name: 'CONNECTION', says: 'all when none is named', required: false, variadic: true, completes: 'connection' },
  ],
  options: [
    { name: 'all', says: 'every stored connection' },
    { name: 'no-refresh', says: 'not even a token that has ended' },
    { name: 'warn', says: 'a grant that ends within this span is expiring (7d)', value: 'DURATION', type: 'duration' },
    { name: 'fail-on', says: 'exit 8 for these states too', value: 'STATE', choices: ['expiring'] },
    {
      name: 'watch',
      says: 'check again and again (every 30 seconds)',
      value: 'SECONDS',
      valueOptional: true,
      type: 'duration',
    },
  ],
  examples: ['oauthctl status', 'oauthctl status gmail --json', 'oauthctl status --all --fail-on expiring --warn 14d'],
};

export const answer = object({
  connections: list(shared('checked_connection')),
  summary: object(Object.fromEntries(connectionStates.map((state) => [state, count]))),
});

const atOnce = 20;
const warnSeconds = 7 * 86_400;
const watchSeconds = 30;

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  if (flagOf(input, 'all') && argumentsOf(input, 'CONNECTION').length > 0) {
    throw new CliError('usage', '--all and names do not go together', { hint: 'oauthctl status --all' });
  }
  return input.options.watch === undefined ? check(context, input) : watch(context, input);
}

async function check(context: Context, input: CommandInput, turns?: Turns): Promise<CommandResult> {
  const [workspace, { signals }] = [await context.workspace(), context.system];
  const named = argumentsOf(input, 'CONNECTION');
  const stored = named.length > 0 ? named : await workspace.store.names('connections');
  if (stored.length === 0) {
    throw new CliError('nothing_to_check', 'nothing is stored yet', { hint: 'oauthctl connect PROVIDER' });
  }
  let answered = 0;
  context.progress(`asking about ${stored.length}`);
  const checked = await checkConnections(workspace, named.length > 0 ? named : 'all', {
    noRefresh: flagOf(input, 'noRefresh'),
    warnSeconds: numberOf(input, 'warn') ?? warnSeconds,
    concurrency: atOnce,
    turns,
    onChecked: ({ name, state }) => context.progress(`${++answered} of ${stored.length}: ${name} ${state}`),
  });
  return {
    data: { connections: checked.map(checkedJson), summary: summarise(checked) },
    view: {
      kind: 'table',
      columns: ['name', 'state', 'account', 'access token', 'grant ends'],
      rows: checked.map((one) => row(one, context.system.clock.now())),
      // A problem has more urgent words.
      notes: reasonLines(checked.map(({ connection, problem }) => (problem === null ? connection : null))),
      whenEmpty: '',
      after: linesOn(checked),
    },
    exit: signals.interrupted.aborted
      ? 130
      : combineExits(checked.map(({ state }) => exitOf(state, textOf(input, 'failOn')))),
  };
}

function exitOf(state: Checked['state'], alsoBad: string | undefined): number {
  if (state === 'unreachable') return 6;
  return ['healthy', 'expiring', 'unverified'].includes(state) && state !== alsoBad ? 0 : 8;
}

/** Until it is interrupted, which is how it ends. */
async function watch(context: Context, input: CommandInput): Promise<CommandResult> {
  const { streams, clock, signals } = context.system;
  if (context.flags.json) throw new CliError('usage', '--watch and --json do not go together', { hint: 'choose one' });
  if (!streams.outIsTerminal)
    throw new CliError('needs_terminal', '--watch draws on a terminal', { hint: 'leave --watch out' });
  const seconds = Math.max(1, numberOf(input, 'watch') ?? watchSeconds);
  const turns = createTurns();
  while (!signals.interrupted.aborted) {
    const result = await check(context, input, turns);
    // The whole screen, from the top (ECMA-48 ED and CUP).
    await streams.out('\u001B[2J\u001B[H');
    await context.show(result);
    await clock.sleep(seconds * 1000, signals.interrupted);
  }
  return { data: {}, view: { kind: 'nothing' }, exit: 130 };
}

function row({ name, state, connection }: Checked, nowAt: number) {
  const facts =
    connection === null ? Array(4).fill(textCell(null)) : [accountCell(connection), ...lifeCells(connection, nowAt)];
  return [textCell(name), stateCell(state), ...facts];
}

function checkedJson(checked: Checked): JsonObject {
  const { name, connection, store, state, checkedAt, latencyMs, httpStatus, problem } = checked;
  return {
    ...(connection === null || store === null ? unreadableJson(name) : connectionJson(connection, store)),
    state,
    checked_at: toRfc3339(checkedAt),
    latency_ms: latencyMs,
    http_status: httpStatus,
    problem: problemJson(problem),
  };
}

function summarise(checked: readonly Checked[]): JsonObject {
  return Object.fromEntries(
    connectionStates.map((state) => [state, checked.filter((one) => one.state === state).length]),
  );
}
