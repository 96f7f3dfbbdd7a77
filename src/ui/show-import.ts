// What `import` shows: whose grants, from where, and what became of them. Never a token.
import type { Tone, View } from '../model/command.ts';
import { describeInstant, toRfc3339 } from '../model/instants.ts';
import type { JsonObject } from '../model/json.ts';
import type { ImportResult } from '../model/moving.ts';
import { outcomeCell, textCell } from './cells.ts';
import { problemJson, problemLines, problemOf } from './problems.ts';

const tones: Readonly<Record<ImportResult['outcome'], Tone>> = {
  stored: 'good',
  replaced: 'good',
  same: 'good',
  kept: 'warn',
  refused: 'bad',
  would_store: 'plain',
  would_replace: 'plain',
};

const checks: Readonly<Record<ImportResult['checked'], string>> = {
  accepted: 'the provider accepts it',
  ended: 'the access token has ended: the first use refreshes it',
  unreachable: 'the provider could not be asked',
  nothing_to_ask: 'the provider offers nothing to ask',
  not_asked: '',
};

interface ImportFacts {
  /** Null: adopted from another tool. */
  readonly from: { readonly host: string; readonly createdAt: number; readonly moved: boolean } | null;
  readonly plainFile: { readonly path: string; readonly removed: boolean } | null;
}

export function importData(results: readonly ImportResult[], { from, plainFile }: ImportFacts): JsonObject {
  return {
    from: from && { host: from.host, created_at: toRfc3339(from.createdAt), moved: from.moved },
    results: results.map(resultJson),
    plain_file: plainFile && { path: plainFile.path, removed: plainFile.removed },
  };
}

function resultJson({ name, provider, account, app, outcome, checked, problem }: ImportResult): JsonObject {
  return { name, provider, account, app, outcome, checked, problem: problemJson(problem && problemOf(problem)) };
}

export function importView(results: readonly ImportResult[], after: readonly string[]): View {
  return {
    kind: 'table',
    columns: ['name', 'account', 'app', 'outcome', 'checked'],
    rows: results.map(({ name, account, app, outcome, checked }) => [
      textCell(name),
      textCell(account.name ?? account.id),
      textCell(app),
      outcomeCell(outcome, tones[outcome]),
      { text: checked, shown: checks[checked] },
    ]),
    whenEmpty: 'the export is empty',
    after: [...results.flatMap(({ name, problem }) => problemLines(name, problem && problemOf(problem))), ...after],
  };
}

interface Incoming {
  readonly name: string;
  readonly account: ImportResult['account'];
  readonly clientId: string;
  readonly app: string;
  readonly createdAt: number;
  readonly refreshedAt: number | null;
  /** Of a provider that is not known here: where its codes, tokens and secrets go. */
  readonly sendsTo: readonly string[];
}

/** What is in an export, before anything is taken from it. */
export function incomingLine(one: Incoming, nowAt: number): string {
  const { name, account, app, clientId, createdAt, refreshedAt, sendsTo } = one;
  const whose = account.name ?? account.id ?? 'an account that is not told';
  const age = `connected ${describeInstant(createdAt, nowAt)}`;
  const fresh = refreshedAt === null ? '' : `, refreshed ${describeInstant(refreshedAt, nowAt)}`;
  const added =
    sendsTo.length === 0 ? '' : `; brings its provider, which sends codes, tokens and secrets to ${sendsTo.join(', ')}`;
  return `${name}: ${whose}, app '${app}' (${clientId}), ${age}${fresh}${added}`;
}
