// Help, written from the definitions: what `oauthctl --help`, `oauthctl app --help` and `oauthctl connect --help` print.
import type { ArgumentDefinition, CommandDefinition, OptionDefinition } from '../model/command.ts';
import { globalOptions } from '../model/global-options.ts';

/** The order in which people meet them; a command that is not named here comes last. */
const order =
  'connect list status token refresh revoke rename app provider settings doctor key store export set import sandbox show guide add remove'.split(
    ' ',
  );

const columns = 80;

export const commandLine = (path: readonly string[]) => ['oauthctl', ...path].join(' ');

/** `path`: of the group whose commands are listed; empty for all of oauthctl. */
export function groupHelp(path: readonly string[], definitions: readonly CommandDefinition[]): string {
  const group = definitions.find((definition) => samePath(definition.path, path));
  const below = definitions
    .filter((definition) => definition.path.length === path.length + 1)
    .filter((definition) => samePath(definition.path.slice(0, -1), path))
    .sort((a, b) => rank(a) - rank(b));
  const rows = below.map((definition) => [commandRow(definition, definitions), definition.summary] as const);
  return [
    path.length === 0
      ? 'Connect to OAuth services once, keep the tokens sealed, hand them to scripts.'
      : `${capital(group?.summary ?? '')}.`,
    `usage: ${commandLine(path)} COMMAND`,
    section('commands', rows),
    path.length === 0 && section('flags of every command', globalOptions.map(optionRow)),
    `'${commandLine([...path, 'COMMAND'])} --help' tells more.`,
  ]
    .filter((part) => typeof part === 'string')
    .join('\n\n')
    .concat('\n');
}

function rank({ path }: CommandDefinition): number {
  const at = order.indexOf(path.at(-1) ?? '');
  return at === -1 ? order.length : at;
}

function commandRow(definition: CommandDefinition, all: readonly CommandDefinition[]): string {
  const { path, arguments: takes } = definition;
  const isGroup = all.some((other) => other.path.length > path.length && other.path[0] === path[0]);
  const words = isGroup
    ? 'COMMAND'
    : takes.map((argument) => argumentWord({ ...argument, choices: undefined })).join(' ');
  return `${path.at(-1)} ${words}`.trimEnd();
}

export function commandHelp(definition: CommandDefinition): string {
  const { aliases = [], arguments: takes, options, examples, says, summary, path } = definition;
  return [
    wrapped(says === undefined ? `${capital(summary)}.` : `${capital(summary)}. ${says}`),
    `usage: ${usageLine(definition)}${options.length > 0 ? ' [FLAGS]' : ''}`,
    aliases.length > 0 && `alias: ${aliases.map((alias) => commandLine([...path.slice(0, -1), alias])).join(', ')}`,
    section(
      'arguments',
      takes.map((argument) => [argument.name, withChoices(argument)] as const),
    ),
    section('flags', options.map(optionRow)),
    examples.length > 0 && `examples\n${examples.map((example) => `  ${example}\n`).join('')}`.trimEnd(),
    `'oauthctl --help' lists the flags of every command.`,
  ]
    .filter((part) => typeof part === 'string' && part !== '')
    .join('\n\n')
    .concat('\n');
}

/** `oauthctl app import PROVIDER FILE` */
export function usageLine(definition: CommandDefinition): string {
  return `${commandLine(definition.path)} ${argumentWords(definition)}`.trimEnd();
}

function argumentWords(definition: CommandDefinition): string {
  return definition.arguments.map(argumentWord).join(' ');
}

type ArgumentWords = Pick<ArgumentDefinition, 'name' | 'required' | 'variadic'> & {
  readonly choices?: readonly string[] | undefined;
};

/** As many choices as a line has room for; the rest of the help lists them all. */
const longestChoices = 40;

function argumentWord({ name, required, variadic, choices }: ArgumentWords): string {
  const listed = choices?.join('|');
  const word = listed === undefined || listed.length > longestChoices ? `${name}${variadic ? '…' : ''}` : listed;
  return required ? word : `[${word}]`;
}

function optionRow(option: OptionDefinition): readonly [string, string] {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  const value = option.value === undefined ? '' : ` ${option.valueOptional ? `[${option.value}]` : option.value}`;
  return [`${short}--${option.name}${value}`, withChoices(option)];
}

function withChoices({ says, choices }: { readonly says: string; readonly choices?: readonly string[] }): string {
  return choices === undefined ? says : `${says} (${choices.join(', ')})`;
}

function section(title: string, rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return '';
  const width = Math.min(30, Math.max(...rows.map(([left]) => left.length)));
  // A left side that is too long keeps its line, and what it says goes below.
  const indent = `\n${''.padEnd(width + 4)}`;
  const lines = rows.map(([left, right]) => {
    const says = wrapped(right, columns - width - 4).replaceAll('\n', indent);
    return left.length > width ? `  ${left}${indent}${says}` : `  ${left.padEnd(width)}  ${says}`;
  });
  return `${title}\n${lines.join('\n')}`;
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, index) => word === b[index]);
}

/** Lines of at most so many characters, broken at spaces. */
function wrapped(text: string, width = columns): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
