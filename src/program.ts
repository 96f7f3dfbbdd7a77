// From arguments to a command and its input: the definitions become a commander tree, and commander's refusals become our
// words. The only file that imports commander.
import { Argument, Command, CommanderError, Option } from 'commander';
import { type CommandEntry, type GlobalFlags, plainFlags } from './context.ts';
import { CliError } from './errors.ts';
import type { CommandDefinition, CommandInput, OptionDefinition } from './model/command.ts';
import { splitArguments } from './model/command-input.ts';
import { globalOptions } from './model/global-options.ts';
import { parseDuration } from './model/instants.ts';
import { nearestName } from './model/names.ts';
import type { Env } from './model/ports.ts';
import { commandHelp, commandLine, groupHelp, usageLine } from './ui/help.ts';

export type Request =
  | { readonly kind: 'run'; readonly entry: CommandEntry; readonly input: CommandInput; readonly flags: GlobalFlags }
  | { readonly kind: 'print'; readonly text: string }
  /** `command`: as far as it could be made out. */
  | { readonly kind: 'refused'; readonly command: string | null; readonly error: unknown };

/** `version`: the text that `--version` prints. */
export function parseArguments(
  args: readonly string[],
  entries: readonly CommandEntry[],
  env: Env,
  version: string,
): Request {
  const { own, operands } = splitArguments(args);
  const parse: Parse = { path: [], printed: '', chosen: undefined };
  const root = createTree(entries, own, parse).version(version);
  // `oauthctl help app set` is `oauthctl app set --help`.
  const words = own[0] === 'help' ? [...own.slice(1), '--help'] : own;
  try {
    root.parse([...words, ...operands], { from: 'user' });
    if (parse.chosen === undefined) throw new CliError('internal', 'no command was chosen');
    const { entry, command } = parse.chosen;
    return {
      kind: 'run',
      entry,
      input: readInput(entry.definition, command),
      flags: readFlags(readOptions(globalOptions, root, []), env, entry.definition.path),
    };
  } catch (error) {
    if (error instanceof CommanderError && parse.printed !== '') return { kind: 'print', text: parse.printed };
    return { kind: 'refused', command: parse.path.length === 0 ? null : parse.path.join(' '), error };
  }
}

interface Parse {
  /** Words of the command that commander has come to. */
  path: readonly string[];
  printed: string;
  chosen: { readonly entry: CommandEntry; readonly command: Command } | undefined;
}

/** Only the commands that occur among the words are built: the rest would cost every start. */
function createTree(entries: readonly CommandEntry[], words: readonly string[], parse: Parse): Command {
  const definitions = entries.map(({ definition }) => definition);
  const root = new Command('oauthctl')
    .exitOverride()
    .helpCommand(false)
    .configureOutput({ writeOut: (text) => (parse.printed += text), writeErr: (text) => (parse.printed += text) })
    .configureHelp({ formatHelp: (command) => helpOf(command, definitions) });
  refuseInOurWords(root, [], definitions, parse);
  for (const option of globalOptions) root.addOption(commanderOption(option));
  const groups = new Map<string, Command>();
  const occurs = ({ path: [first = ''], aliases = [] }: CommandDefinition) =>
    [first, ...aliases].some((name) => words.includes(name));
  const occurring = entries.filter(({ definition }) => occurs(definition));
  for (const entry of occurring.length > 0 ? occurring : entries) {
    const { path, aliases = [], arguments: takes, options } = entry.definition;
    const command = (groups.get(path[0] ?? '') ?? root).command(path.at(-1) ?? '').aliases([...aliases]);
    refuseInOurWords(command, path, definitions, parse);
    if (entry.load === undefined) {
      groups.set(path.join(' '), command);
      continue;
    }
    for (const { name, required, variadic } of takes) {
      const word = `${name}${variadic ? '...' : ''}`;
      command.addArgument(new Argument(required ? `<${word}>` : `[${word}]`));
    }
    for (const option of options) command.addOption(commanderOption(option));
    command.action(() => {
      parse.path = path;
      parse.chosen = { entry, command };
    });
  }
  return root;
}

function commanderOption({ name, short, value, valueOptional, repeatable }: OptionDefinition): Option {
  const taken = value === undefined ? '' : valueOptional ? ` [${value}]` : ` <${value}>`;
  const option = new Option(`${short === undefined ? '' : `-${short}, `}--${name}${taken}`);
  return repeatable
    ? option.argParser((text: string, before: string[] | undefined) => [...(before ?? []), text])
    : option;
}

const pathOf = (command: Command): string[] => (command.parent ? [...pathOf(command.parent), command.name()] : []);

function helpOf(command: Command, definitions: readonly CommandDefinition[]): string {
  const path = pathOf(command);
  const definition = definitions.find((candidate) => candidate.path.join(' ') === path.join(' '));
  const isGroup = command.commands.length > 0;
  const unknown = isGroup ? command.args.find((word) => !word.startsWith('-')) : undefined;
  if (unknown !== undefined) throw unknownCommand(path, unknown, definitions);
  return isGroup || definition === undefined ? groupHelp(path, definitions) : commandHelp(definition);
}

/** Commander calls these with what is wrong; its own versions would put that into a sentence. */
function refuseInOurWords(
  command: Command,
  path: readonly string[],
  definitions: readonly CommandDefinition[],
  parse: Parse,
): void {
  const definition = definitions.find((candidate) => candidate.path === path);
  const name = path.join(' ');
  const usage =
    definition === undefined || definition.arguments.length === 0 ? commandLine(path) : usageLine(definition);
  const refuse = (message: string, hint: string): never => {
    parse.path = path;
    throw new CliError('usage', message, { hint });
  };
  Object.assign(command, {
    missingArgument: (argument: string) => refuse(`'${name}' needs ${argument}`, usage),
    optionMissingArgument: (option: Option) => refuse(`${option.long} needs a value`, `${commandLine(path)} --help`),
    unknownOption(flag: string) {
      const known = [...(definition?.options ?? []), ...globalOptions].map((option) => `--${option.name}`);
      const nearest = nearestName(flag.split('=')[0] ?? flag, known);
      const meant = nearest === undefined ? '' : `; did you mean '${nearest}'?`;
      return refuse(
        `there is no flag '${flag}'${name === '' ? '' : ` of '${name}'`}${meant}`,
        `${commandLine(path)} --help`,
      );
    },
    _excessArguments: (given: readonly string[]) =>
      refuse(`'${name}' takes no '${given[definition?.arguments.length ?? 0] ?? ''}'`, usage),
    unknownCommand() {
      parse.path = path;
      throw unknownCommand(path, command.args[0] ?? '', definitions);
    },
  });
}

/** What the same act is called elsewhere. */
const elsewhere: Readonly<Record<string, string>> = {
  login: 'connect',
  signin: 'connect',
  auth: 'connect',
  authorize: 'connect',
  add: 'connect',
  logout: 'revoke',
  signout: 'revoke',
  disconnect: 'revoke',
  delete: 'revoke',
  remove: 'revoke',
  rm: 'revoke',
  whoami: 'status',
  ls: 'list',
  print: 'token',
  get: 'token',
};

function unknownCommand(path: readonly string[], typed: string, definitions: readonly CommandDefinition[]): CliError {
  const siblings = definitions
    .filter((definition) => definition.path.slice(0, -1).join(' ') === path.join(' '))
    .flatMap((definition) => [definition.path.at(-1) ?? '', ...(definition.aliases ?? [])]);
  const peer = path.length === 0 && Object.hasOwn(elsewhere, typed) ? elsewhere[typed] : undefined;
  const meant = peer ?? nearestName(typed, siblings);
  const what = `there is no command '${[...path, typed].join(' ')}'`;
  return meant === undefined
    ? new CliError('usage', what, { hint: `${commandLine(path)} --help` })
    : new CliError('usage', `${what}; did you mean '${[...path, meant].join(' ')}'?`, {
        hint: `${commandLine([...path, meant])} --help`,
      });
}

function readInput(definition: CommandDefinition, command: Command): CommandInput {
  const given = definition.arguments.map((argument, index) => {
    const value = command.processedArgs[index] as string | string[] | undefined;
    for (const word of value === undefined ? [] : [value].flat()) {
      mustBeChoice(argument.name, word, argument.choices, definition.path);
    }
    return [argument.name, value] as const;
  });
  return { arguments: Object.fromEntries(given), options: readOptions(definition.options, command, definition.path) };
}

type Values = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

function readOptions(options: readonly OptionDefinition[], command: Command, path: readonly string[]): Values {
  const values = command.opts() as Readonly<Record<string, string | boolean | string[] | undefined>>;
  return Object.fromEntries(
    options.map((option) => {
      // Commander keeps `--no-browser` as `browser: false`.
      const negated = option.name.startsWith('no-');
      const value = values[camelCase(negated ? option.name.slice('no-'.length) : option.name)];
      const read = typeof value === 'string' ? readValue(option, value, path) : value;
      return [camelCase(option.name), negated ? value === false : read];
    }),
  );
}

function readValue({ name, type, choices }: OptionDefinition, text: string, path: readonly string[]): string | number {
  mustBeChoice(`--${name}`, text, choices, path);
  if (type === 'integer') {
    if (/^\d{1,9}$/.test(text)) return Number(text);
    throw invalid(`--${name}: '${text}' is not a whole number`, path);
  }
  if (type !== 'duration') return text;
  const seconds = parseDuration(text);
  if (seconds !== undefined) return seconds;
  throw invalid(`--${name}: '${text}' is not a span of time: seconds, or like 15m, 12h, 7d`, path);
}

function mustBeChoice(
  what: string,
  text: string,
  choices: readonly string[] | undefined,
  path: readonly string[],
): void {
  if (choices === undefined || choices.includes(text)) return;
  const nearest = nearestName(text, choices);
  const meant = nearest === undefined ? '' : `; did you mean '${nearest}'?`;
  throw invalid(`${what}: '${text}' is none of ${choices.join(', ')}${meant}`, path);
}

function invalid(message: string, path: readonly string[]): CliError {
  return new CliError('invalid_value', message, { hint: `${commandLine(path)} --help` });
}

const camelCase = (name: string) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

function readFlags(values: Values, env: Env, path: readonly string[]): GlobalFlags {
  const text = (name: string) => values[name] as string | undefined;
  const consent = text('sandboxConsent') as GlobalFlags['sandboxConsent'];
  if (consent !== undefined && values.sandbox !== true && path[0] !== 'sandbox') {
    throw new CliError('usage', '--sandbox-consent goes with --sandbox', { hint: 'add --sandbox' });
  }
  if (values.timeout === 0) throw invalid('--timeout: nobody answers in no time', []);
  return {
    json: values.json === true,
    quiet: values.quiet === true,
    verbose: values.verbose === true,
    noInput: values.noInput === true || plainFlags(env).noInput,
    sandbox: values.sandbox === true,
    sandboxConsent: consent,
    key: text('key'),
    store: text('store') as GlobalFlags['store'],
    requireProtection: text('requireProtection'),
    configDir: text('configDir'),
    dataDir: text('dataDir'),
    stateDir: text('stateDir'),
    timeoutSeconds: values.timeout as number | undefined,
    envFile: text('envFile'),
    writeBack: text('writeBack'),
    caFile: text('caFile'),
  };
}
