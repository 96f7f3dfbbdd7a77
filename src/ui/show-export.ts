// What `export` shows: never a token, but where one was asked for.
import type { CommandResult, View } from '../model/command.ts';
import type { JsonObject } from '../model/json.ts';
import type { ExportResult } from '../model/moving.ts';
import { outcomeCell, textCell } from './cells.ts';
import { harmlessJson } from './harmless.ts';
import { problemJson, problemLines, problemOf } from './problems.ts';

export function exportData(
  results: readonly ExportResult[],
  file: string | null,
  sealedFor: string | null,
): JsonObject {
  return {
    file: sealedFor === null ? null : file,
    sealed_for: sealedFor,
    results: results.map(({ name, account, outcome, local, problem }) => ({
      name,
      account,
      outcome,
      local,
      problem: problemJson(problem && problemOf(problem)),
    })),
    tokens: [],
    variables: [],
  };
}

export function exportProblems(results: readonly ExportResult[]): readonly string[] {
  return results.flatMap(({ name, problem }) => problemLines(name, problem && problemOf(problem)));
}

/** `sealed`: undefined when nothing was exported. To standard output goes the sealed text alone. */
export function exportView(results: readonly ExportResult[], file: string | null, sealed: string | undefined): View {
  if (file === null && sealed !== undefined) return { kind: 'bare', text: sealed };
  const written =
    sealed === undefined || file === null ? [] : [`sealed in ${file}; on the other machine: oauthctl import FILE`];
  return {
    kind: 'table',
    columns: ['name', 'account', 'outcome', 'here'],
    rows: results.map(({ name, account, outcome, local }) => [
      textCell(name),
      textCell(account?.name ?? account?.id ?? null),
      outcomeCell(outcome, outcome === 'exported' ? 'good' : 'bad'),
      textCell(local),
    ]),
    whenEmpty: '',
    after: [...exportProblems(results), ...written],
  };
}

interface TokenReport {
  readonly tokens: readonly JsonObject[];
  readonly variables: readonly string[];
  readonly text: string;
  readonly file: string | null;
}

/** `whole`: the tokens themselves are the answer. Else --json names the variables, and the tokens are where they were put. */
export function tokensView(
  { tokens, variables, text, file }: TokenReport,
  whole: boolean,
  json: boolean,
): CommandResult {
  const data = { file, sealed_for: null, results: [], tokens: whole ? tokens : [], variables: whole ? [] : variables };
  if (whole && json) return { data, view: { kind: 'nothing' } };
  if (whole) return { data, view: { kind: 'bare', text: `${harmlessJson(JSON.stringify({ tokens }))}\n` } };
  if (text !== '') return { data, view: { kind: 'bare', text } };
  return { data, view: { kind: 'text', text: `${variables.join(', ')} in ${file}` } };
}
