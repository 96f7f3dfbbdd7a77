// `oauthctl revoke`: ends the grant at the provider, proves it, then forgets it here.
import { chosenNames } from '../connections/chosen-names.ts';
import { consequences } from '../connections/grant-group.ts';
import { type RevokeResult, revokeConnection } from '../connections/revoke.ts';
import type { Workspace } from '../connections/workspace.ts';
import { mustAgree } from '../context/must-agree.ts';
import type { Context } from '../context.ts';
import { CliError, combineExits } from '../errors.ts';
import type { CommandDefinition, CommandInput, CommandResult, Tone } from '../model/command.ts';
import { argumentsOf, flagOf } from '../model/command-input.ts';
import { describeInstant, toRfc3339 } from '../model/instants.ts';
import { instant, list, object, oneOf, orNull, shared, text, texts } from '../model/json-schema.ts';
import { outcomeCell, textCell } from '../ui/cells.ts';
import { problemJson, problemLines, problemOf } from '../ui/problems.ts';

export const definition: CommandDefinition = {
  path: ['revoke'],
  summary: 'revoke at the provider, prove it, then forget',
  says: 'What could not be ended is kept, so that it can be tried again. Exit 8: the end could not be proved.',
  arguments: [{ name: 'CONNECTION', says: 'what to revoke', required: false, variadic: true, completes: 'connection' }],
  options: [
    { name: 'all', says: 'every stored connection' },
    { name: 'yes', short: 'y', says: 'do not ask' },
    { name: 'local-only', says: 'forget here, without asking the provider: the grant lives on there' },
  ],
  examples: ['oauthctl revoke gmail', 'oauthctl revoke --all --yes'],
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
});

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const workspace = await context.workspace();
  const names = await chosenNames(workspace, { named: argumentsOf(input, 'CONNECTION'), all: flagOf(input, 'all') });
  const localOnly = flagOf(input, 'localOnly');
  // What else dies is said beforehand, also to those who do not want to be asked.
  if (!localOnly) for (const line of await consequences(workspace, names)) context.warn(line);
  await mustAgree(context.system.prompter, {
    yes: flagOf(input, 'yes'),
    question: `${localOnly ? 'Forget' : 'Revoke'} ${names.join(', ')}${localOnly ? ' here, while the grant lives on at the provider' : ''}?`,
    command: `oauthctl revoke ${names.join(' ')}${localOnly ? ' --local-only' : ''} --yes`,
  });
  const results: RevokeResult[] = [];
  for (const name of names) {
    context.progress(`revoking ${name}`);
    results.push(await revokeOne(workspace, name, localOnly));
  }
  const nowAt = context.system.clock.now();
  return {
    data: { results: results.map(resultJson) },
    view: {
      kind: 'table',
      columns: ['name', 'at the provider', 'proof', 'here'],
      rows: results.map(({ name, remote, proof, local }) => {
        const shownProof = { text: proof, shown: proof.replaceAll('_', ' ') };
        return [textCell(name), outcomeCell(remote, tones[remote]), shownProof, textCell(local)];
      }),
      whenEmpty: '',
      after: results.flatMap((result) => wordsOn(result, nowAt)),
    },
    exit: combineExits(results.map(exitOf)),
  };
}

async function revokeOne(workspace: Workspace, name: string, localOnly: boolean): Promise<RevokeResult> {
  try {
    return await revokeConnection(workspace, name, { localOnly });
  } catch (error) {
    if (!(error instanceof CliError) || error.code === 'cancelled') throw error;
    const nothing = { alsoAffected: [], aliveUntil: null, finishAt: null, leaves: null };
    return { name, remote: 'failed', proof: 'none', local: 'kept', problem: error, ...nothing };
  }
}

function exitOf({ remote, proof, problem }: RevokeResult): number {
  if (problem !== null) return problem.exit;
  return remote !== 'not_asked' && proof === 'none' ? 8 : 0;
}

function wordsOn(
  { name, alsoAffected, aliveUntil, finishAt, leaves, problem }: RevokeResult,
  nowAt: number,
): readonly string[] {
  const words = problemLines(name, problem && problemOf(problem));
  if (alsoAffected.length > 0) words.push(`${name}: this ended ${alsoAffected.join(', ')} too`);
  if (aliveUntil !== null)
    words.push(`${name}: what is out there may work on; its end comes ${describeInstant(aliveUntil, nowAt)}`);
  if (finishAt !== null) words.push(`${name}: to make sure, look at ${finishAt}`);
  if (leaves !== null) words.push(`${name}: ${leaves}`);
  return words;
}

function resultJson(result: RevokeResult) {
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
    problem: problemJson(problem && problemOf(problem)),
  };
}
