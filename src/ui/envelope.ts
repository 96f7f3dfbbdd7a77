// The one object of --json (docs/json.md).
import type { CliError } from '../errors.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { harmlessJson } from './harmless.ts';

/** Raised when a member changes its meaning; a member that is added changes nothing. */
const schema = 1;

export function answerEnvelope(command: string, data: JsonObject, warnings: readonly string[]): string {
  return line({ schema, command, data, warnings });
}

/** `command` is null when none could be made out. */
export function errorEnvelope(command: string | null, error: CliError, warnings: readonly string[]): string {
  const { code, message, hint, retryable, exit } = error;
  return line({ schema, command, error: { code, message, hint: hint ?? null, retryable, exit }, warnings });
}

function line(envelope: Json): string {
  return `${harmlessJson(JSON.stringify(envelope))}\n`;
}
