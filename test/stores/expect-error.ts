// Expecting a CliError by its code.
import { expect } from 'vitest';
import { CliError, type ErrorCode } from '../../src/errors.ts';

/** The error that `act` ends with, which must be a CliError of that code and say what to do next. */
export async function expectError(code: ErrorCode, act: () => unknown): Promise<CliError> {
  const outcome = await (async () => act())().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in outcome)) expect.fail(`expected ${code}, but it went well: ${JSON.stringify(outcome.value)}`);
  const { error } = outcome;
  if (!(error instanceof CliError)) throw error;
  expect(error.code, error.message).toBe(code);
  return error;
}
