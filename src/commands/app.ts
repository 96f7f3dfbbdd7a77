// `oauthctl app`: a group of commands.
import type { CommandDefinition } from '../model/command.ts';

export const definition: CommandDefinition = {
  path: ['app'],
  summary: 'client ids and secrets of your own registrations',
  arguments: [],
  options: [],
  examples: [],
};
