// What went wrong when no answer can be read: the Fetch port's error, or an answer that breaks the protocol.
import { CliError } from '../errors.ts';
import { isJsonObject } from '../model/json.ts';
import type { Provider } from '../model/provider.ts';
import { type Answer, describeAnswer } from './answer.ts';

/** openid-client wraps what its fetch throws: the CliError within, if there is one. */
export function cliErrorIn(error: unknown): CliError | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof CliError) return current;
  }
  return undefined;
}

/** Whether the Fetch port knows that the request never reached the server: name not found, connection refused, TLS refused. */
export function neverSent(error: CliError): boolean {
  return typeof error.cause === 'object' && error.cause !== null && 'sent' in error.cause && error.cause.sent === false;
}

/** A success that is none. `wanted`: the member that must be there. */
export function badAnswer({ name, id }: Provider, answer: Answer, wanted: string): CliError {
  const lacks = isJsonObject(answer.json) ? ` without a usable ${wanted}` : '';
  return new CliError('bad_response', `${name} broke the protocol: ${describeAnswer(answer)}${lacks}`, {
    hint: `oauthctl provider show ${id}`,
  });
}
