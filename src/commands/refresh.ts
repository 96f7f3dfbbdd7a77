// `oauthctl refresh`: refreshes now, one at a time per connection across all processes.
import { chosenNames } from '../connections/chosen-names.ts';
import { refreshEach } from '../connections/refresh-each.ts';
import type { Context } from '../context.ts';
import { CliError, combineExits } from '../errors.ts';
import type { Cell, CommandDefinition, CommandInput, CommandResult, Tone } from '../model/command.ts';
import { argumentsOf, flagOf, numberOf } from '../model/command-input.ts';
import type { Problem } from '../model/connection.ts';
import { list, object, oneOf, orNull, shared, text } from '../model/json-schema.ts';
import { outcomeCell, textCell } from '../ui/cells.ts';
import { linesOn, problemJson, problemOf } from '../ui/problems.ts';

export const definition: CommandDefinition = {
  path: ['refresh'],
  summary: 'refresh now',
  says: 'Every one is tried and reported. A connection that is named is always asked about; --all leaves alone for a while what was refused before.',
  arguments: [
    { name: 'CONNECTION', says: 'what to refresh', required: false, variadic: true, completes: 'connection' },
  ],
  options: [
    { name: 'all', says: 'every stored connection' },
    { name: 'if-expiring', says: 'only tokens that end within this span', value: 'DURATION', type: 'duration' },
    { name: 'concurrency', says: 'how many at once at one provider (4)', value: 'N', type: 'integer' },
  ],
  examples: ['oauthctl refresh gmail', 'oauthctl refresh --all --if-expiring 15m'],
};

const tones: Readonly<Record<string, Tone>> = {
  refreshed: 'good',
  fresh: 'good',
  rejected: 'bad',
  uncertain: 'warn',
  unreachable: 'warn',
  failed: 'bad',
};

export const answer = object({
  results: list(object({ name: text, outcome: oneOf(...Object.keys(tones)), problem: orNull(shared('problem')) })),
});

const atOnce = 4;

/** Nothing went wrong with those whose turn did not come before Ctrl-C; programs see it in the problem. */
function outcomeOf(outcome: string, problem: Problem | null): Cell {
  const cell = outcomeCell(outcome, tones[outcome] ?? 'plain');
  return outcome === 'failed' && problem?.code === 'cancelled' ? { ...cell, shown: '! not tried', tone: 'warn' } : cell;
}

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const concurrency = numberOf(input, 'concurrency') ?? atOnce;
  if (concurrency < 1) {
    throw new CliError('invalid_value', '--concurrency: none at once never ends', { hint: 'leave --concurrency out' });
  }
  const workspace = await context.workspace();
  const all = flagOf(input, 'all');
  const names = await chosenNames(workspace, { named: argumentsOf(input, 'CONNECTION'), all });
  context.progress(`refreshing ${names.length}`);
  let done = 0;
  const results = await refreshEach(workspace, names, {
    expiringSeconds: numberOf(input, 'ifExpiring'),
    explicit: !all,
    atOnce: concurrency,
    onRefreshed: ({ name, outcome }) => context.progress(`${++done} of ${names.length}: ${name} ${outcome}`),
  });
  const told = results.map((result) => ({ ...result, problem: result.problem && problemOf(result.problem) }));
  return {
    data: { results: told.map(({ name, outcome, problem }) => ({ name, outcome, problem: problemJson(problem) })) },
    view: {
      kind: 'table',
      columns: ['name', 'outcome'],
      rows: told.map(({ name, outcome, problem }) => [textCell(name), outcomeOf(outcome, problem)]),
      whenEmpty: '',
      after: linesOn(told),
    },
    exit: context.system.signals.interrupted.aborted
      ? 130
      : combineExits(results.map(({ problem }) => problem?.exit ?? 0)),
  };
}
