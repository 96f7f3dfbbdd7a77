// `oauthctl key`: a group of commands.
import type { CommandDefinition } from '../model/command.ts';

export const definition: CommandDefinition = {
  path: ['key'],
  summary: 'the key that seals the records',
  arguments: [],
  options: [],
  examples: [],
};
