// `oauthctl provider`: a group of commands.
import type { CommandDefinition } from '../model/command.ts';

export const definition: CommandDefinition = {
  path: ['provider'],
  summary: 'what is known of each service; registration steps',
  arguments: [],
  options: [],
  examples: [],
};
