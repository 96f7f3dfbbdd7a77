// `oauthctl reset --all`: removes everything that is kept on this machine.
import { wipeTree } from '../connections/reset-all.ts';
import { mustAgree } from '../context/must-agree.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { flagOf } from '../model/command-input.ts';
import { counted } from '../model/counted.ts';
import { object, text, texts } from '../model/json-schema.ts';

export const definition: CommandDefinition = {
  path: ['reset'],
  summary: 'remove everything: records, seal key, trail, locks',
  says: 'Asks no provider: grants live on there until oauthctl revoke --all has ended them. Settings and added providers stay.',
  arguments: [],
  options: [
    { name: 'all', says: 'everything; nothing less can be reset' },
    { name: 'yes', short: 'y', says: 'do not ask' },
  ],
  examples: ['oauthctl revoke --all && oauthctl reset --all'],
};

export const answer = object({ connections: texts, apps: texts, key_left_at: texts, settings: text });

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  if (!flagOf(input, 'all')) {
    throw new CliError('usage', 'reset removes everything, or nothing: say --all', { hint: 'oauthctl reset --all' });
  }
  const workspace = await context.workspace();
  const names = await workspace.store.names('connections');
  if (names.length > 0) {
    context.tell(
      `still stored, and alive at their providers: ${names.join(', ')}; oauthctl revoke --all ends them first`,
    );
  }
  await mustAgree(context.system.prompter, {
    yes: flagOf(input, 'yes'),
    question: `Remove everything in ${context.paths.data}, and its key?`,
    command: 'oauthctl reset --all --yes',
  });
  const { connections, apps, keyLeftAt } = await wipeTree(workspace);
  const settings = context.paths.config;
  return {
    data: { connections, apps, key_left_at: keyLeftAt, settings },
    view: {
      kind: 'text',
      text: [
        `removed: ${counted(connections.length, 'connection')}, ${counted(apps.length, 'app')}, the trail and the locks`,
        ...(keyLeftAt.length === 0 ? ['the seal key is gone'] : keyLeftAt.map((where) => `not removed: ${where}`)),
        `settings and added providers stay in ${settings}`,
      ].join('\n'),
    },
  };
}
