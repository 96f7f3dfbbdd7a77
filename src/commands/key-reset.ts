// `oauthctl key reset`: the way out when the key is lost. Moves aside what it sealed, and says what must be reconnected.
import { mustAgree } from '../context/must-agree.ts';
import type { Context } from '../context.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { flagOf } from '../model/command-input.ts';
import { object, text, texts } from '../model/json-schema.ts';

export const definition: CommandDefinition = {
  path: ['key', 'reset'],
  summary: 'move what the lost key sealed aside, and begin anew',
  says: 'Nothing is deleted: should the key come back, what was moved can be opened again. The next command that stores something makes a new key.',
  arguments: [],
  options: [{ name: 'yes', short: 'y', says: 'do not ask' }],
  examples: ['oauthctl key reset'],
};

export const answer = object({ moved_to: text, connections: texts, apps: texts });

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const { store, keyring } = await context.workspace();
  const [connections, apps] = [await store.names('connections'), await store.names('apps')];
  const sealed = [...connections, ...apps.map((app) => `the app ${app}`)];
  const yes = flagOf(input, 'yes');
  if (!yes && sealed.length > 0) context.tell(`must be connected or set again: ${sealed.join(', ')}`);
  await mustAgree(context.system.prompter, {
    yes,
    question: 'Move the key and everything it sealed aside?',
    command: 'oauthctl key reset --yes',
  });
  const { movedTo, ...moved } = await keyring.reset();
  return {
    data: { moved_to: movedTo, connections: moved.connections, apps: moved.apps },
    view: {
      kind: 'text',
      text: [
        `moved to ${movedTo}`,
        ...moved.apps.map((app) => `set again: oauthctl app set ${app.replace('.', ' --name ')}`),
        ...moved.connections.map((name) => `connect again: oauthctl connect ${name}`),
      ].join('\n'),
    },
  };
}
