// Reads and runs transcripts (test/cli/README.md). README blocks go through the same reader, with both streams as a terminal
// shows them.
import { expect } from 'vitest';
import { parseDuration } from '../../src/model/instants.ts';
import { overlay } from '../../src/model/overlay.ts';
import type { Streams, System } from '../../src/model/ports.ts';
import type { World } from '../support/world.ts';
import { loadSession, type Session } from './session.ts';
import { spoil } from './spoil.ts';

interface CommandStep {
  readonly kind: 'command';
  readonly line: string;
  /** `< …` and `<< …`, as they stand. */
  readonly given: readonly string[];
  readonly expected: readonly string[];
}

export type Step = { readonly kind: 'note'; readonly line: string } | CommandStep;

export interface RunOptions {
  /** Both streams in the order of printing, unmarked. */
  readonly mixed?: boolean;
  /** Told what each command printed on stdout, for further checks. */
  readonly onAnswer?: (words: readonly string[], stdout: string) => Promise<void> | void;
}

const marks = /^([$!?<@#\\]|<<)/;

export function readTranscript(text: string): readonly Step[] {
  const steps: Step[] = [];
  const lines = text.replace(/\n$/, '').split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (!line.startsWith('$ ')) {
      steps.push({ kind: 'note', line });
      continue;
    }
    const body: string[] = [];
    while (at + 1 < lines.length && !/^(\$|@|#) /.test(lines[at + 1] ?? '')) body.push(lines[++at] ?? '');
    const given = body.filter((one) => /^<<? /.test(one));
    const expected = body.filter((one) => !/^<<? /.test(one));
    let blanks = 0;
    while (expected.at(-1) === '') blanks += expected.pop() === '' ? 1 : 0;
    steps.push({ kind: 'command', line, given, expected });
    for (; blanks > 0; blanks--) steps.push({ kind: 'note', line: '' });
  }
  return steps;
}

export function writeTranscript(steps: readonly Step[]): string {
  const lines = steps.flatMap((step) =>
    step.kind === 'note' ? [step.line] : [step.line, ...step.given, ...step.expected],
  );
  return `${lines.join('\n')}\n`;
}

const session = loadSession();

/** The same steps with what was really printed. */
export async function runTranscript(steps: readonly Step[], options: RunOptions = {}): Promise<readonly Step[]> {
  const { main, createWorld } = await session;
  let machine = createMachine(createWorld);
  const ran: Step[] = [];
  for (const step of steps) {
    if (step.kind === 'command') {
      ran.push({ ...step, expected: await runCommand(step, machine, main, options) });
      continue;
    }
    ran.push(step);
    if (step.line === '@ new') {
      expectViolations(machine);
      machine = createMachine(createWorld);
    } else if (step.line.startsWith('@ run ')) await runSetUp(step.line, machine, main);
    else if (step.line.startsWith('@ ')) prepare(step.line.slice(2), machine);
  }
  expectViolations(machine);
  return ran;
}

/** The sandbox's log of what a correct client would not have sent: empty, but for what the transcript names. */
function expectViolations({ world, violations }: Machine): void {
  const states = world.files.paths().filter((path) => path.endsWith('/sandbox/server/state.json'));
  const noted = states.flatMap((path) => JSON.parse(world.files.get(path) ?? '').violations);
  expect(noted.filter(({ code }) => !violations.includes(code))).toEqual([]);
  expect(violations.filter((code) => !noted.some((one) => one.code === code))).toEqual([]);
}

/** Its output is nobody's business; that it succeeds is. */
async function runSetUp(line: string, machine: Machine, main: Session['main']): Promise<void> {
  const step = { kind: 'command', line: line.replace('@ run', '$'), given: [], expected: [] } as const;
  const printed = await runCommand(step, machine, main, {});
  if (printed.at(-1)?.startsWith('? ')) throw new Error(`${line}\n${printed.join('\n')}`);
}

interface Machine {
  readonly world: World;
  columns: number | undefined;
  /** Codes that the sandbox's violation log must hold. */
  violations: readonly string[];
  /** Random values that were printed so far, and how they are shown. */
  readonly values: Map<string, string>;
}

/** A dumb terminal has no colour and no moving line, so that transcripts can be read. */
function createMachine(createWorld: Session['createWorld']): Machine {
  return { world: createWorld({ env: { TERM: 'dumb' } }), columns: undefined, violations: [], values: new Map() };
}

function prepare(directive: string, machine: Machine): void {
  const [, act = '', first = '', rest = ''] = /^(\S+) ?(\S*) ?(.*)$/.exec(directive) ?? [];
  const { world } = machine;
  switch (act) {
    case 'terminal':
      machine.columns = Number(first || 100);
      return;
    case 'violations':
      machine.violations = directive.split(' ').slice(1);
      return;
    case 'pipe':
      machine.columns = undefined;
      return;
    case 'env': {
      const [name = '', value = ''] = directive.slice('env '.length).split(/=(.*)/);
      world.env[name] = value;
      return;
    }
    case 'file':
      world.files.set(first, `${rest}\n`);
      return;
    case 'mode': {
      const entry = world.files.entries.get(rest);
      if (entry === undefined) throw new Error(`@ mode: there is no ${rest}`);
      entry.mode = Number.parseInt(first, 8);
      return;
    }
    case 'remove':
      if (!world.files.entries.delete(first)) throw new Error(`@ remove: there is no ${first}`);
      return;
    case 'later':
      world.advance((parseDuration(first) ?? Number.NaN) * 1000);
      return;
    default:
      if (!spoil(act, first, rest, world)) throw new Error(`nobody knows '@ ${directive}'`);
  }
}

async function runCommand(
  step: CommandStep,
  machine: Machine,
  main: Session['main'],
  options: RunOptions,
): Promise<readonly string[]> {
  const [program, ...words] = shellWords(step.line.slice(2));
  if (program !== 'oauthctl') throw new Error(`only oauthctl can be run, not '${program}'`);
  const { columns } = machine;
  const world = machine.world.another({
    terminal: columns !== undefined,
    ...(columns === undefined ? {} : { columns }),
  });
  world.input = linesAfter('<< ', step.given)
    .map((line) => `${line}\n`)
    .join('');
  world.answers.push(...linesAfter('< ', step.given).map((answer) => ({ yes: true, no: false })[answer] ?? answer));
  const printed: { readonly to: 'out' | 'err'; readonly text: string }[] = [];
  const exit = await main(words, recording(world, printed));
  const out = printed
    .filter(({ to }) => to === 'out')
    .map(({ text }) => text)
    .join('');
  await options.onAnswer?.(words, out);
  if (world.answers.length > 0) throw new Error(`${step.line}: nobody asked for ${world.answers.join(', ')}`);
  const shown = options.mixed ? unmarked(printed) : marked(printed, machine.values);
  return exit === 0 ? shown : [...shown, `? ${exit}`];
}

function linesAfter(mark: string, lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length));
}

/** Both streams in the order of printing. What the fake prompter draws is on the world's own stderr. */
function recording(world: World, printed: { to: 'out' | 'err'; text: string }[]): System {
  const { streams, prompter } = world.system;
  let drawn = 0;
  const push = (to: 'out' | 'err', text: string) => {
    const questions = world.stderr().slice(drawn);
    drawn += questions.length;
    if (questions !== '') printed.push({ to: 'err', text: questions });
    printed.push({ to, text });
  };
  const recorded: Streams = Object.create(streams, {
    out: { value: async (text: string) => push('out', text) },
    err: { value: (text: string) => push('err', text) },
  });
  return overlay(world.system, { streams: recorded, prompter });
}

type Printed = readonly { readonly to: 'out' | 'err'; readonly text: string }[];

/** stderr first: what it says mostly comes before the answer, and the order of two streams is nobody's promise. */
function marked(printed: Printed, values: Map<string, string>): readonly string[] {
  const all = (to: 'out' | 'err') =>
    textLines(
      printed
        .filter((one) => one.to === to)
        .map(({ text }) => text)
        .join(''),
    );
  const err = all('err').map((line) => `! ${line}`.trimEnd());
  const out = all('out').map((line) => (marks.test(line) ? `\\${line}` : line));
  return [...err, ...out].map((line) => withoutChance(line, values));
}

/** Kinds of random values: which one it is depends on how many were drawn before, which nobody promises. */
const chances = [
  ['id', /\b[0-9a-f]{32}\b/g],
  ['token', /\bya29\.[\w-]+/g],
  ['state', /(?<=[?&]state=)[\w-]+/g],
  ['nonce', /(?<=[?&]nonce=)[\w-]+/g],
  ['challenge', /(?<=[?&]code_challenge=)[\w-]+/g],
] as const;

/** The same value is shown the same: `<token 1>`. */
function withoutChance(line: string, values: Map<string, string>): string {
  return chances.reduce(
    (text, [kind, pattern]) =>
      text.replace(pattern, (value) => {
        const count = [...values.values()].filter((shown) => shown.startsWith(`<${kind} `)).length;
        const shown = values.get(value) ?? `<${kind} ${count + 1}>`;
        values.set(value, shown);
        return shown;
      }),
    line,
  );
}

const unmarked = (printed: Printed) => textLines(printed.map(({ text }) => text).join(''));

function textLines(text: string): readonly string[] {
  if (text === '') return [];
  const visible = indented(text).replaceAll('\u001B', '␛').replaceAll('\r', '␍');
  return visible.replace(/\n$/, '').split('\n');
}

function indented(text: string): string {
  if (!/^\{.*\}\n$/.test(text)) return text;
  return `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
}

/** As a shell splits them; nothing is expanded. */
export function shellWords(line: string): readonly string[] {
  const words = line.match(/(?:[^\s'"\\]|'[^']*'|"(?:[^"\\]|\\.)*"|\\.)+/g) ?? [];
  return words.map((word) =>
    word.replace(/'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/g, (_, single, double, bare) => {
      return single ?? double?.replace(/\\(.)/g, '$1') ?? bare;
    }),
  );
}
