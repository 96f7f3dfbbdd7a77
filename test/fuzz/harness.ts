// One input into one reader, and what must hold whatever it is: no other error than those that are meant, no secret in any
// word, nothing changed that all objects share.
import { CliError } from '../../src/errors.ts';
import { isFileError } from '../../src/model/ports.ts';
import { createDice, makeInput, planted } from './inputs.ts';

/** What a reader says while it reads: warnings, traces, lines for the person. */
export type Hear = (words: string) => void;

export interface Target {
  readonly name: string;
  /** Valid inputs, or nearly; what is secret in them is `planted`. */
  readonly seeds: readonly string[];
  /** What is read is a name, which the person typed and is told again. */
  readonly holdsNoSecret?: boolean;
  /** Other errors that are meant, by the reader's own words. */
  readonly mayThrow?: (error: unknown) => boolean;
  feed(input: string, hear: Hear): unknown;
}

export interface Finding {
  readonly target: string;
  readonly law: 'error' | 'secret' | 'pollution';
  readonly input: string;
  readonly detail: string;
}

/** Undefined when every law held. */
export async function feedOne(target: Target, input: string): Promise<Finding | undefined> {
  const heard: string[] = [];
  const found = (law: Finding['law'], detail: string): Finding => ({ target: target.name, law, input, detail });
  let strange: Finding | undefined;
  try {
    await target.feed(input, (words) => void heard.push(words));
  } catch (error) {
    if (error instanceof CliError) heard.push(error.message, error.hint ?? '');
    else if (!isFileError(error) && target.mayThrow?.(error) !== true) {
      strange = found('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }
  const leak = heard.find((words) => words.includes(planted));
  if (strange === undefined && leak !== undefined && !target.holdsNoSecret) strange = found('secret', leak);
  return pollution() ? found('pollution', 'Object.prototype was changed') : strange;
}

function pollution(): boolean {
  if (!('polluted' in {})) return false;
  delete (Object.prototype as { polluted?: unknown }).polluted;
  return true;
}

/** `count` inputs; the same seed gives the same inputs. */
export async function fuzz(target: Target, seed: number, count: number): Promise<readonly Finding[]> {
  const dice = createDice(seed);
  const findings: Finding[] = [];
  for (const input of target.seeds)
    findings.push(...[await feedOne(target, input)].filter((found) => found !== undefined));
  for (let done = 0; done < count; done++) {
    const found = await feedOne(target, makeInput(target.seeds, dice));
    if (found !== undefined) findings.push(found);
  }
  return findings;
}

/** One of each kind: the same slip shows in many inputs. */
export function distinct(findings: readonly Finding[]): readonly Finding[] {
  const kind = ({ target, law, detail }: Finding) =>
    [target, law, ...detail.split('\n').slice(0, law === 'error' ? 2 : 0)].join(' ');
  return [...new Map(findings.toReversed().map((finding) => [kind(finding), finding])).values()];
}

export function describeFinding({ target, law, input, detail }: Finding): string {
  const shown = input.length > 400 ? `${input.slice(0, 400)}… (${input.length} characters)` : input;
  return `${target}: ${law}: ${detail.split('\n').slice(0, 6).join('\n')}\n  input ${JSON.stringify(shown)}`;
}
