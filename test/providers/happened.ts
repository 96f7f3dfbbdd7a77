// What happened, in the words that a fixture states it in.
import { CliError } from '../../src/errors.ts';
import type { RoleTokens } from '../../src/model/connection.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';

export type Happened = Readonly<Record<string, Json | undefined>>;

/** A CliError is a way to end; anything else is a mistake of ours. */
export function endOf(error: unknown): Happened & { readonly ends: string } {
  if (!(error instanceof CliError)) throw error;
  return {
    ends: error.code,
    words: `${error.message} ${error.hint ?? ''}`,
    notOffered: error.code === 'grant_unsupported',
    refusedBefore: true,
    fits: false,
  };
}

export function tokenFacts(tokens: RoleTokens, nowAt: number): JsonObject {
  return {
    access: tokens.access?.reveal() ?? null,
    refresh: tokens.refresh?.reveal() ?? null,
    tokenType: tokens.tokenType,
    lifeSeconds: tokens.expiresAt === null ? null : (tokens.expiresAt - nowAt) / 1000,
  };
}

export function errorFacts({ code, retryAfterSeconds }: CliError): JsonObject {
  return { code, retryAfterSeconds: retryAfterSeconds ?? null };
}
