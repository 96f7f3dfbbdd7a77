// main(argv, system) → exit: builds, runs one command, shows its result. The only place that prints errors and chooses exits.
import { commands } from './commands/generated-index.ts';
import { loneCommand } from './context/lone-command.ts';
import { openContext } from './context.ts';
import { CliError } from './errors.ts';
import type { CommandResult, View } from './model/command.ts';
import { splitArguments } from './model/command-input.ts';
import { fileWords } from './model/file-words.ts';
import type { JsonObject } from './model/json.ts';
import type { System } from './model/ports.ts';
import { isFileError } from './model/ports.ts';
import type { Request } from './program.ts';
import { realSystem } from './system/real-system.ts';
import { answerEnvelope, errorEnvelope } from './ui/envelope.ts';
import { errorLines } from './ui/error-lines.ts';
import { renderView, wordsAfter } from './ui/render-view.ts';
import { noTreeFlags, onSameTree } from './ui/same-tree.ts';
import { createSpeaker, type Speaker, type SpeakerOptions } from './ui/speaker.ts';
import { colouredStyle, plainStyle, type Style, wantsColour } from './ui/style.ts';

declare const __OAUTHCTL_VERSION__: string;
const version = __OAUTHCTL_VERSION__;

/** In the real world; `args` without node and script. Never rejects. */
export async function run(args: readonly string[]): Promise<number> {
  const childPath = `${import.meta.dirname}/keychain-child.cjs`;
  return main(args, realSystem({ version, childPath, noInput: splitArguments(args).own.includes('--no-input') }));
}

export async function main(args: readonly string[], system: System): Promise<number> {
  if (args[0] === '__complete') {
    const { answerShell } = await import('./context/answer-shell.ts');
    return answerShell(args.slice(1), commands, system);
  }
  const request = loneCommand(args, commands, system.env) ?? (await parse(args, system));
  const desk = openDesk(request, splitArguments(args).own, system);
  try {
    if (request.kind === 'refused') throw request.error;
    if (request.kind === 'print') {
      await system.streams.out(request.text);
      return 0;
    }
    return await runCommand(request, system, desk);
  } catch (error) {
    return await report(error, system, desk);
  }
}

async function parse(args: readonly string[], { env }: System): Promise<Request> {
  const { parseArguments } = await import('./program.ts');
  return parseArguments(args, commands, env, `oauthctl ${version}`);
}

/** How this call speaks. Known before the arguments are understood, since they may not be. */
interface Desk extends SpeakerOptions {
  readonly spell: (words: string) => string;
  readonly command: string | null;
  readonly speaker: Speaker;
  styleFor(isTerminal: boolean): Promise<Style>;
}

function openDesk(request: Request, own: readonly string[], system: System): Desk {
  const typed = (...names: readonly string[]) => own.some((word) => names.includes(word));
  const options: SpeakerOptions =
    request.kind === 'run'
      ? request.flags
      : { json: typed('--json'), quiet: typed('--quiet', '-q'), verbose: typed('--verbose', '-v') };
  const { json, quiet, verbose } = options;
  const spell = onSameTree(request.kind === 'run' ? request.flags : { ...noTreeFlags, sandbox: typed('--sandbox') });
  return {
    json,
    quiet,
    verbose,
    spell,
    command: commandOf(request),
    speaker: createSpeaker(system.streams, system.env, { json, quiet, verbose, spell }),
    styleFor: async (isTerminal) =>
      wantsColour(typed('--no-color'), system.env, isTerminal) ? colouredStyle() : plainStyle,
  };
}

function commandOf(request: Request): string | null {
  if (request.kind === 'run') return request.entry.definition.path.join(' ');
  return request.kind === 'refused' ? request.command : null;
}

async function runCommand(
  { entry, input, flags }: Extract<Request, { kind: 'run' }>,
  system: System,
  desk: Desk,
): Promise<number> {
  const show = (result: CommandResult) => showResult(result, system, desk);
  const { context, close } = await openContext({ flags, system, version, show, speaker: desk.speaker });
  try {
    if (entry.load === undefined) throw new CliError('internal', `'${desk.command}' cannot be run`);
    const { run } = await entry.load();
    const result = await run(context, input);
    await show(result);
    return result.exit ?? 0;
  } finally {
    await close();
  }
}

async function showResult(result: CommandResult, { streams }: System, desk: Desk): Promise<void> {
  const view = spelledView(result.view, desk);
  desk.speaker.progress(undefined);
  if (desk.json && view.kind !== 'bare') {
    await streams.out(answerEnvelope(desk.command ?? '', spelledData(result.data, desk), desk.speaker.warnings));
    return;
  }
  const terminal = streams.outIsTerminal;
  // What is piped is never coloured, whatever is forced: programs read it.
  const style = terminal ? await desk.styleFor(true) : plainStyle;
  const text = await renderView(view, { terminal, columns: streams.columns, style });
  if (text !== '') await streams.out(text);
  if (!terminal && !desk.json && !desk.quiet) streams.err(wordsAfter(view));
}

async function report(error: unknown, { streams }: System, desk: Desk): Promise<number> {
  const { code, message, hint, cause } = toCliError(error);
  const failure = new CliError(code, message, { hint: hint && desk.spell(hint), cause });
  desk.speaker.progress(undefined);
  // Where stdout takes nothing, stderr must tell.
  const told = desk.json && (await took(streams.out(errorEnvelope(desk.command, failure, desk.speaker.warnings))));
  if (!told) streams.err(errorLines(failure, await desk.styleFor(streams.errIsTerminal)));
  for (const frame of framesOf(error)) desk.speaker.trace(frame);
  return failure.exit;
}

const took = (written: Promise<void>) =>
  written.then(
    () => true,
    () => false,
  );

function spelledView(view: View, { spell }: Desk): View {
  if (view.kind === 'text') return { ...view, text: spell(view.text) };
  return 'after' in view ? { ...view, after: view.after.map(spell) } : view;
}

/** The hints in it. */
function spelledData(data: JsonObject, { spell }: Desk): JsonObject {
  return JSON.parse(JSON.stringify(data), (member, value) =>
    member === 'hint' && typeof value === 'string' ? spell(value) : value,
  ) as JsonObject;
}

/** What nobody foresaw is our fault. Its own message stays inside: it may quote what it stumbled over, a token included. */
function toCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (isFileError(error)) {
    const { why, hint } = fileWords(error);
    return new CliError('store_unavailable', `${error.path} cannot be used: ${why}`, { hint, cause: error });
  }
  const kind = error instanceof Error ? error.name : typeof error;
  return new CliError('internal', `oauthctl stumbled over something that it did not foresee (${kind})`, {
    hint: 'run it again with --verbose, and report what it prints',
    cause: error,
  });
}

/** Where it happened, without the message. */
function framesOf(error: unknown): readonly string[] {
  const stack = error instanceof Error && !(error instanceof CliError) ? (error.stack ?? '') : '';
  return stack.split('\n').filter((line) => /^\s+at /.test(line));
}
