// `oauthctl refresh`: refreshes now, one at a time per connection across all processes.
import { chosenNames } from '../connections/chosen-names.ts';
import { freshenAll } from '../connections/freshen-all.ts';
import { createTurns } from '../connections/turns.ts';
import type { Workspace } from '../connections/workspace.ts';
import type { Context } from '../context.ts';
import { CliError, combineExits } from '../errors.ts';
import type { CommandDefinition, CommandInput, CommandResult, Tone } from '../model/command.ts';
import { argumentsOf, flagOf, numberOf } from '../model/command-input.ts';
import { list, object, oneOf, orNull, shared, text } from '../model/json-schema.ts';
import { outcomeCell, textCell } from '../ui/cells.ts';
import { problemJson, problemLines, problemOf } from '../ui/problems.ts';

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
    { name: 'concurrency', says: 'how many at once (4)', value: 'N', type: 'integer' },
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

interface Refreshed {
  readonly name: string;
  readonly outcome: string;
  readonly problem: CliError | null;
}

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const concurrency = numberOf(input, 'concurrency') ?? atOnce;
  if (concurrency < 1) {
    throw new CliError('invalid_value', '--concurrency: none at once never ends', { hint: 'leave --concurrency out' });
  }
  const workspace = await context.workspace();
  const names = await chosenNames(workspace, { named: argumentsOf(input, 'CONNECTION'), all: flagOf(input, 'all') });
  const turns = createTurns();
  context.progress(`refreshing ${names.length}`);
  let done = 0;
  const results = await Promise.all(
    names.map((name) =>
      turns.take('refresh', concurrency, async () => {
        const result = await refreshOne(workspace, name, input);
        context.progress(`${++done} of ${names.length}: ${name} ${result.outcome}`);
        return result;
      }),
    ),
  );
  return {
    data: {
      results: results.map(({ name, outcome, problem }) => ({
        name,
        outcome,
        problem: problemJson(problem && problemOf(problem)),
      })),
    },
    view: {
      kind: 'table',
      columns: ['name', 'outcome'],
      rows: results.map(({ name, outcome }) => [textCell(name), outcomeCell(outcome, tones[outcome] ?? 'plain')]),
      whenEmpty: '',
      after: results.flatMap(({ name, problem }) => problemLines(name, problem && problemOf(problem))),
    },
    exit: combineExits(results.map(({ problem }) => problem?.exit ?? 0)),
  };
}

async function refreshOne(workspace: Workspace, name: string, input: CommandInput): Promise<Refreshed> {
  const expiringSeconds = numberOf(input, 'ifExpiring');
  try {
    const outcome = await freshenAll(workspace, name, {
      minValidSeconds: expiringSeconds ?? 0,
      force: expiringSeconds === undefined,
      explicit: !flagOf(input, 'all'),
    });
    const problem = 'problem' in outcome ? outcome.problem : null;
    return { name, outcome: outcome.kind === 'withheld' ? 'failed' : outcome.kind, problem };
  } catch (error) {
    if (!(error instanceof CliError) || error.code === 'cancelled') throw error;
    return { name, outcome: 'failed', problem: error };
  }
}
