// The provider's end of the wire in a replay: checks what arrives against the fixture and answers from it.
import { CliError } from '../../src/errors.ts';
import type { Json } from '../../src/model/json.ts';
import type { Fetch, WireRequest, WireResponse } from '../../src/model/ports.ts';
import type { Answers, Exchange, Matcher, NeverRule, Receives } from './fixture.ts';
import { asText, fill } from './fixture.ts';

export interface Wire {
  readonly fetch: Fetch;
  /** What was wrong with what arrived; must stay empty. */
  readonly faults: string[];
  /** Instants of the requests. */
  readonly at: number[];
  /** Checks what the browser was sent to, which has no answer of its own. */
  browse(url: string): void;
  /** Steps that have not happened yet. */
  left(): number;
}

export interface WireSetting {
  readonly steps: readonly (readonly Exchange[])[];
  readonly never: readonly NeverRule[];
  /** Placeholders that only the attempt knows; read when needed. */
  readonly attempt: Record<string, string>;
  readonly now: () => number;
  readonly idToken: (claims: NonNullable<Answers['idToken']>, forged: boolean) => string;
}

export function createWire(setting: WireSetting): Wire {
  const faults: string[] = [];
  const at: number[] = [];
  let step = 0;
  const take = (request: Arrived): Exchange | undefined => {
    faults.push(...setting.never.flatMap((rule) => broken(rule, request)));
    const choices = setting.steps[step++];
    if (choices === undefined) {
      faults.push(`nothing more was expected, but there came ${request.method} ${request.url.href}`);
      return undefined;
    }
    const judged = choices.map((choice) => {
      const exchange = fill(choice as unknown as Json, setting.attempt) as unknown as Exchange;
      return { exchange, wrong: differences(exchange.receives, request) };
    });
    const best = judged.find(({ wrong }) => wrong.length === 0) ?? judged[0];
    faults.push(...(best?.wrong ?? []));
    return best?.exchange;
  };
  return {
    faults,
    at,
    left: () => setting.steps.length - step,
    browse: (url) => void take({ method: 'GET', url: new URL(url), headers: {}, form: undefined, repeated: [] }),
    fetch: async (request) => {
      at.push(setting.now());
      const exchange = take(arrived(request));
      return answer(exchange?.answers ?? { fails: 'unreachable' }, setting.idToken);
    },
  };
}

interface Arrived {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly form: Readonly<Record<string, string>> | undefined;
  readonly repeated: readonly string[];
}

function arrived(request: WireRequest): Arrived {
  const form = request.body === undefined ? undefined : new URLSearchParams(request.body);
  const names = form === undefined ? [] : [...form.keys()];
  return {
    method: request.method,
    url: new URL(request.url),
    headers: request.headers,
    form: form === undefined ? undefined : Object.fromEntries(form),
    repeated: names.filter((name, index) => names.indexOf(name) !== index),
  };
}

function broken(rule: NeverRule, request: Arrived): string[] {
  const here = `${request.url.origin}${request.url.pathname}`;
  const sent = { ...Object.fromEntries(request.url.searchParams), ...request.form };
  const wrongMethod = rule.methods !== undefined && rule.url === here && !rule.methods.includes(request.method);
  const wrongMember =
    rule.parameter !== undefined &&
    rule.parameter in sent &&
    (rule.value === undefined || sent[rule.parameter]?.split(' ').includes(rule.value) === true);
  const inUrl = rule.queryParameter !== undefined && request.url.searchParams.has(rule.queryParameter);
  return wrongMethod || wrongMember || inUrl ? [`${request.method} ${here}: ${rule.says}`] : [];
}

function differences(receives: Receives, request: Arrived): string[] {
  const here = `${request.url.origin}${request.url.pathname}`;
  const query = Object.fromEntries(request.url.searchParams);
  const optional = receives.optional ?? [];
  const wrong = request.repeated.map((name) => `form ${name} is there twice`);
  if (request.method !== receives.method) wrong.push(`method ${request.method}, not ${receives.method}`);
  if (here !== receives.url) wrong.push(`URL ${here}, not ${receives.url}`);
  wrong.push(...membersWrong('header', receives.headers ?? {}, request.headers, '*'));
  wrong.push(...membersWrong('query', receives.query ?? {}, query, optional));
  wrong.push(...membersWrong('form', receives.form ?? {}, request.form ?? {}, optional));
  const auth = authOf(request);
  if (receives.auth !== undefined && auth !== receives.auth)
    wrong.push(`client authentication ${auth}, not ${receives.auth}`);
  return wrong;
}

function authOf(request: Arrived): 'post' | 'basic' | 'none' {
  if (/^basic /i.test(request.headers.authorization ?? '')) return 'basic';
  return request.form?.client_secret === undefined ? 'none' : 'post';
}

function membersWrong(
  what: string,
  expected: Readonly<Record<string, Matcher>>,
  actual: Readonly<Record<string, string>>,
  optional: readonly string[] | '*',
): string[] {
  const wrong = Object.entries(expected)
    .filter(([name, matcher]) => !matches(matcher, actual[name]))
    .map(([name, matcher]) => `${what} ${name} is ${JSON.stringify(actual[name])}, not ${JSON.stringify(matcher)}`);
  const extra = Object.keys(actual).filter(
    (name) => !(name in expected) && optional !== '*' && !optional.includes(name),
  );
  return [...wrong, ...extra.map((name) => `${what} ${name} is there, and nobody asked for it`)];
}

/** Absent members match `null`. Words are compared as sets. */
export function matches(matcher: Matcher, actual: Json | undefined): boolean {
  if (matcher === null) return actual === undefined || actual === null;
  if (typeof matcher !== 'object') return actual === matcher;
  const text = typeof actual === 'string' ? actual : JSON.stringify(actual ?? null);
  const words = Array.isArray(actual) ? actual.map(String) : asText(actual).split(' ');
  if ('matches' in matcher) return actual !== undefined && new RegExp(matcher.matches).test(text);
  if ('not' in matcher) return !new RegExp(matcher.not).test(text);
  if ('between' in matcher)
    return typeof actual === 'number' && actual >= matcher.between[0] && actual <= matcher.between[1];
  if ('hasWords' in matcher) return matcher.hasWords.every((word) => words.includes(word));
  return [...matcher.words].sort().join(' ') === [...words].sort().join(' ');
}

function answer(answers: Answers, idToken: WireSetting['idToken']): WireResponse {
  if (answers.fails !== undefined) throw new CliError(answers.fails, 'the fixture lets this exchange fail');
  const json =
    answers.idToken === undefined
      ? answers.json
      : fill(answers.json ?? null, { id_token: idToken(answers.idToken, answers.forged === true) });
  return {
    status: answers.status ?? 200,
    headers: { 'content-type': 'application/json; charset=utf-8', ...answers.headers },
    body: answers.body ?? JSON.stringify(json),
  };
}
