// `oauthctl store`: a group of commands.
import type { CommandDefinition } from '../model/command.ts';

export const definition: CommandDefinition = {
  path: ['store'],
  summary: 'where the records rest',
  arguments: [],
  options: [],
  examples: [],
};
