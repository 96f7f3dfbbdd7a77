// Generated from the folders of src/sandbox by scripts/generate.ts. Do not edit.
import type { ProviderFamily } from './call.ts';
import { asana } from './asana/asana.ts';
import { asanaSwitches } from './asana/switches.ts';
import { dropbox } from './dropbox/dropbox.ts';
import { dropboxSwitches } from './dropbox/switches.ts';
import { github } from './github/github.ts';
import { githubSwitches } from './github/switches.ts';
import { google } from './google/google.ts';
import { googleSwitches } from './google/switches.ts';
import { microsoft } from './microsoft/microsoft.ts';
import { microsoftSwitches } from './microsoft/switches.ts';
import { notion } from './notion/notion.ts';
import { notionSwitches } from './notion/switches.ts';
import { slack } from './slack/slack.ts';
import { slackSwitches } from './slack/switches.ts';
import { trello } from './trello/trello.ts';
import { trelloSwitches } from './trello/switches.ts';
import type { SwitchDefinition } from './switches.ts';

export const families: readonly ProviderFamily[] = [asana, dropbox, github, google, microsoft, notion, slack, trello];

export const familySwitches = [
  ...asanaSwitches,
  ...dropboxSwitches,
  ...githubSwitches,
  ...googleSwitches,
  ...microsoftSwitches,
  ...notionSwitches,
  ...slackSwitches,
  ...trelloSwitches,
] as const satisfies readonly SwitchDefinition[];
