// Reading what was typed: the values behind a command's own definition, with their types.
import type { CommandInput } from './command.ts';

/** An argument that the definition requires; the parser has refused its absence. */
export function argumentOf(input: CommandInput, name: string): string {
  const value = input.arguments[name];
  return typeof value === 'string' ? value : '';
}

export function argumentsOf(input: CommandInput, name: string): readonly string[] {
  const value = input.arguments[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** Undefined when the option was not given. */
export function textOf(input: CommandInput, name: string): string | undefined {
  const value = input.options[name];
  return typeof value === 'string' ? value : undefined;
}

/** Of an `integer` or, in seconds, a `duration`. */
export function numberOf(input: CommandInput, name: string): number | undefined {
  const value = input.options[name];
  return typeof value === 'number' ? value : undefined;
}

export function flagOf(input: CommandInput, name: string): boolean {
  return input.options[name] === true;
}

/** Of a repeatable option. */
export function textsOf(input: CommandInput, name: string): readonly string[] {
  const value = input.options[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** Everything from the first `--` on is operands, whatever it looks like. */
export function splitArguments(args: readonly string[]): { own: readonly string[]; operands: readonly string[] } {
  const at = args.indexOf('--');
  return at === -1 ? { own: args, operands: [] } : { own: args.slice(0, at), operands: args.slice(at) };
}
