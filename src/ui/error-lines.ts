// An error for people: what happened and why, then the one thing to do next.
import type { CliError } from '../errors.ts';
import { harmless } from './harmless.ts';
import type { Style } from './style.ts';

export function errorLines({ message, hint }: CliError, style: Style): string {
  const what = `${style.paint('bad', 'error:')} ${harmless(message)}\n`;
  return hint === undefined ? what : `${what}${style.paint('bold', 'try:')} ${harmless(hint)}\n`;
}
