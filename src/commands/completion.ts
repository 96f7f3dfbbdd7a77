// `oauthctl completion`: the script that a shell loads. It asks oauthctl at run time, so it hardly ever changes.
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { argumentOf } from '../model/command-input.ts';
import { object, text } from '../model/json-schema.ts';
import { completionScripts, shells } from '../ui/completion-scripts.ts';

export const definition: CommandDefinition = {
  path: ['completion'],
  summary: 'the script that completes commands, flags and names in your shell',
  arguments: [{ name: 'SHELL', says: 'which shell', required: true, choices: shells }],
  options: [],
  examples: [
    'source <(oauthctl completion bash)',
    'oauthctl completion zsh > "$fpath[1]/_oauthctl"',
    'oauthctl completion fish > ~/.config/fish/completions/oauthctl.fish',
    'oauthctl completion powershell | Out-String | Invoke-Expression',
  ],
};

export const answer = object({ shell: text, script: text });

export async function run(_context: Context, input: CommandInput): Promise<CommandResult> {
  const shell = shells.find((name) => name === argumentOf(input, 'SHELL'));
  if (shell === undefined) throw new CliError('internal', 'the parser let an unknown shell through');
  const script = completionScripts[shell].text;
  return { data: { shell, script }, view: { kind: 'bare', text: script } };
}
