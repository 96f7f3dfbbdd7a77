// `oauthctl revoke`: ends the grant at the provider, proves it, then forgets it here.
import { chosenNames } from '../connections/chosen-names.ts';
import { consequences } from '../connections/grant-group.ts';
import type { RevokeResult } from '../connections/revoke.ts';
import { leaveList, revokeEach } from '../connections/revoke-each.ts';
import { wordsOnEnds } from '../connections/revoke-words.ts';
import { mustAgree } from '../context/must-agree.ts';
import type { Context } from '../context.ts';
import { CliError, combineExits } from '../errors.ts';
import type { CommandDefinition, CommandInput, CommandResult, Tone } from '../model/command.ts';
import { argumentsOf, flagOf } from '../model/command-input.ts';
import type { Problem } from '../model/connection.ts';
import { toRfc3339 } from '../model/instants.ts';
import { instant, list, object, oneOf, orNull, shared, text, texts } from '../model/json-schema.ts';
import { outcomeCell, textCell } from '../ui/cells.ts';
import { linesOn, problemJson, problemOf } from '../ui/problems.ts';

export const definition: CommandDefinition = {
  path: ['revoke'],
  summary: 'revoke at the provider, prove it, then forget',
  says: 'What could not be ended is kept, so that it can be tried again. Exit 8: the end could not be proved.',
  arguments: [{ name: 'CONNECTION', says: 'what to revoke', required: false, variadic: true, completes: 'connection' }],
  options: [
    { name: 'all', says: 'every stored connection' },
    { name: 'yes', short: 'y', says: 'do not ask' },
    { name: 'local-only', says: 'forget here, without asking the provider: the grant lives on there' },
    { name: 'panic', says: 'with --all: at once, stubbornly, and a list of what is left to do' },
  ],
  examples: ['oauthctl revoke gmail', 'oauthctl revoke --all --yes', 'oauthctl revoke --all --panic'],
};

const tones: Readonly<Record<RevokeResult['remote'], Tone>> = {
  revoked: 'good',
  already_dead: 'good',
  unsupported: 'warn',
  failed: 'bad',
  not_asked: 'warn',
};

export const answer = object({
  results: list(
    object({
      name: text,
      remote: oneOf(...Object.keys(tones)),
      proof: oneOf('probe_rejected', 'introspected', 'refresh_rejected', 'none'),
      local: oneOf('deleted', 'kept'),
      also_affected: texts,
      alive_until: orNull(instant),
      finish_at: orNull(text),
      leaves: orNull(text),
      problem: orNull(shared('problem')),
    }),
  ),
  list: orNull(text),
});

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const workspace = await context.workspace();
  const names = await chosenNames(workspace, { named: argumentsOf(input, 'CONNECTION'), all: flagOf(input, 'all') });
  const { localOnly, panic } = howOf(input);
  // What else dies is said beforehand, also to those who do not want to be asked.
  if (!localOnly) for (const line of await consequences(workspace, names)) context.warn(line);
  await mustAgree(context.system.prompter, {
    yes: flagOf(input, 'yes'),
    question: `${localOnly ? 'Forget' : 'Revoke'} ${names.join(', ')}${localOnly ? ' here, while the grant lives on at the provider' : ''}?`,
    command: `oauthctl revoke ${panic ? '--all --panic' : names.join(' ')}${localOnly ? ' --local-only' : ''} --yes`,
  });
  context.progress(`revoking ${names.length}`);
  let done = 0;
  const results = await revokeEach(workspace, names, {
    localOnly,
    panic,
    onRevoked: ({ name, remote }) => context.progress(`${++done} of ${names.length}: ${name} ${remote}`),
  });
  const listed = panic ? await leaveList(workspace, results) : null;
  return shown(context, results, listed);
}

function howOf(input: CommandInput): { readonly localOnly: boolean; readonly panic: boolean } {
  const [localOnly, panic] = [flagOf(input, 'localOnly'), flagOf(input, 'panic')];
  if (!panic || (flagOf(input, 'all') && !localOnly)) return { localOnly, panic };
  throw new CliError('usage', '--panic goes with --all, and asks every provider', {
    hint: 'oauthctl revoke --all --panic',
  });
}

function shown(context: Context, results: readonly RevokeResult[], listed: string | null): CommandResult {
  const { clock, signals } = context.system;
  const nowAt = clock.now();
  const told = results.map((result) => ({ ...result, problem: result.problem && problemOf(result.problem) }));
  return {
    data: { results: told.map(resultJson), list: listed },
    view: {
      kind: 'table',
      columns: ['name', 'at the provider', 'proof', 'here'],
      rows: results.map(({ name, remote, proof, local }) => {
        const shownProof = { text: proof, shown: proof.replaceAll('_', ' ') };
        return [textCell(name), outcomeCell(remote, tones[remote]), shownProof, textCell(local)];
      }),
      whenEmpty: '',
      after: [
        ...linesOn(told),
        ...wordsOnEnds(results, nowAt),
        ...(listed === null ? [] : [`what is left to be finished by hand is listed in ${listed}`]),
      ],
    },
    exit: signals.interrupted.aborted ? 130 : combineExits(results.map(exitOf)),
  };
}

function exitOf({ remote, proof, problem }: RevokeResult): number {
  if (problem !== null) return problem.exit;
  return remote !== 'not_asked' && proof === 'none' ? 8 : 0;
}

function resultJson(result: Omit<RevokeResult, 'problem'> & { readonly problem: Problem | null }) {
  const { name, remote, proof, local, alsoAffected, aliveUntil, finishAt, leaves, problem } = result;
  return {
    name,
    remote,
    proof,
    local,
    also_affected: alsoAffected,
    alive_until: toRfc3339(aliveUntil),
    finish_at: finishAt,
    leaves,
    problem: problemJson(problem),
  };
}
