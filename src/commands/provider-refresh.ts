// `oauthctl provider refresh`: fetches the metadata again; where secrets go changes only after a yes.
import { applyRefresh, type Change, planRefresh, type RefreshPlan } from '../connections/provider-changes.ts';
import { mustAgree } from '../context/must-agree.ts';
import type { Context } from '../context.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { argumentOf, flagOf } from '../model/command-input.ts';
import type { Json } from '../model/json.ts';
import { flag, list, object, text } from '../model/json-schema.ts';

export const definition: CommandDefinition = {
  path: ['provider', 'refresh'],
  summary: 'fetch the metadata of an added server again',
  says: 'Shows what changed. A changed issuer or host is applied only after a yes.',
  arguments: [{ name: 'PROVIDER', says: 'the server', required: true, completes: 'provider' }],
  options: [{ name: 'yes', short: 'y', says: 'apply a changed issuer or host without asking' }],
  examples: ['oauthctl provider refresh acme'],
};

export const answer = object({
  provider: text,
  changes: list(object({ at: text, from: {}, to: {} })),
  applied: flag,
});

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const workspace = await context.workspace();
  const plan = await planRefresh(workspace, argumentOf(input, 'PROVIDER'));
  const { changes, after } = plan;
  if (changes.length > 0) {
    if (plan.needsYes) await agreed(context, plan, flagOf(input, 'yes'));
    await applyRefresh(workspace, plan);
  }
  return {
    data: {
      provider: after.id,
      changes: changes.map(({ at, from, to }) => ({ at, from: from ?? null, to: to ?? null })),
      applied: changes.length > 0,
    },
    view: {
      kind: 'table',
      columns: ['changed', 'from', 'to'],
      rows: changes.map(({ at, from, to }) => [{ text: at }, { text: asText(from) }, { text: asText(to) }]),
      whenEmpty: `nothing changed at ${after.issuer}`,
    },
  };
}

async function agreed({ system, tell }: Context, { after, changes }: RefreshPlan, yes: boolean): Promise<void> {
  if (!yes) for (const change of changes) tell(changeWords(change));
  await mustAgree(system.prompter, {
    yes,
    question: `Where codes and secrets for '${after.id}' go has changed. Apply it?`,
    command: `oauthctl provider refresh ${after.id} --yes`,
  });
}

const changeWords = ({ at, from, to }: Change) => `${at}: ${asText(from)} → ${asText(to)}`;

const asText = (value: Json | undefined) =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
