// `oauthctl settings`: a group of commands.
import type { CommandDefinition } from '../model/command.ts';

export const definition: CommandDefinition = {
  path: ['settings'],
  summary: 'what holds when no flag and no variable says otherwise',
  arguments: [],
  options: [],
  examples: [],
};
