// The provider's end of the wire in a replay: checks what arrives against the fixture and answers from it.
import { createHash } from 'node:crypto';
import { CliError } from '../../src/errors.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { isJsonObject, parseJson } from '../../src/model/json.ts';
import type { Fetch, WireRequest, WireResponse } from '../../src/model/ports.ts';
import { type Answers, asText, type Exchange, type Matcher, type NeverRule, type Receives } from './fixture.ts';
import { matches } from './matches.ts';
import { fill } from './read-fixture.ts';

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
    faults.push(...setting.never.flatMap((rule) => broken(rule, request)), ...unproved(request, setting.attempt));
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
    browse: (url) => void take(arrived({ method: 'GET', url, headers: {} })),
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
  readonly body: string | undefined;
  /** Undefined when the body is something else. */
  readonly form: Readonly<Record<string, string>> | undefined;
  readonly json: JsonObject | undefined;
  readonly repeated: readonly string[];
}

function arrived({ method, url, headers, body }: Pick<WireRequest, 'method' | 'url' | 'headers' | 'body'>): Arrived {
  const type = headers['content-type'] ?? '';
  const form = type.startsWith('application/x-www-form-urlencoded') ? new URLSearchParams(body ?? '') : undefined;
  const json = type.startsWith('application/json') ? parseJson(body ?? '') : undefined;
  const address = new URL(url);
  const names = [...(form?.keys() ?? []), ...address.searchParams.keys()];
  return {
    method,
    url: address,
    headers,
    body,
    form: form && Object.fromEntries(form),
    json: isJsonObject(json) ? json : undefined,
    repeated: names.filter((name, index) => names.indexOf(name) !== index),
  };
}

function broken(rule: NeverRule, request: Arrived): string[] {
  const here = `${request.url.origin}${request.url.pathname}`;
  const sent: JsonObject = { ...Object.fromEntries(request.url.searchParams), ...request.form, ...request.json };
  const wrongMethod = rule.methods !== undefined && rule.url === here && !rule.methods.includes(request.method);
  const said = rule.parameter === undefined ? undefined : sent[rule.parameter];
  const wrongMember =
    said !== undefined && (rule.value === undefined || asText(said).split(/[ ,]/).includes(rule.value));
  const inUrl = rule.queryParameter !== undefined && request.url.searchParams.has(rule.queryParameter);
  return wrongMethod || wrongMember || inUrl ? [`${request.method} ${here}: ${rule.says}`] : [];
}

/** RFC 7636 §4.6: the verifier must be the one of the challenge that the browser was sent with. */
function unproved({ form, json }: Arrived, { code_challenge: challenge }: Record<string, string>): string[] {
  const verifier = form?.code_verifier ?? json?.code_verifier;
  if (typeof verifier !== 'string') return [];
  const made = createHash('sha256').update(verifier).digest('base64url');
  return made === challenge ? [] : ['the code_verifier is not the one of the challenge'];
}

function differences(receives: Receives, request: Arrived): string[] {
  const here = decodeURI(`${request.url.origin}${request.url.pathname}`);
  const query = Object.fromEntries(request.url.searchParams);
  const optional = receives.optional ?? [];
  const wrong = request.repeated.map((name) => `${name} is there twice`);
  if (request.method !== receives.method) wrong.push(`method ${request.method}, not ${receives.method}`);
  if (here !== decodeURI(receives.url)) wrong.push(`URL ${here}, not ${receives.url}`);
  wrong.push(...membersWrong('header', receives.headers ?? {}, request.headers, '*'));
  wrong.push(...membersWrong('query', receives.query ?? {}, query, optional));
  wrong.push(...bodyWrong(receives, request));
  const auth = authOf(request);
  if (receives.auth !== undefined && auth !== receives.auth)
    wrong.push(`client authentication ${auth}, not ${receives.auth}`);
  return wrong;
}

/** A request that names no body may have an empty one: what it has to be is `body: "none"`. */
function bodyWrong({ form, json, body: none, optional = [] }: Receives, request: Arrived): string[] {
  const { body, headers } = request;
  if (none === 'none') {
    const type = headers['content-type'];
    return body === undefined && type === undefined ? [] : [`a body (${type}), where none may be`];
  }
  if (json !== undefined) {
    return request.json === undefined ? ['no JSON'] : membersWrong('json', json, request.json, optional);
  }
  if (request.json !== undefined) return ['JSON, where none was expected'];
  return membersWrong('form', form ?? {}, request.form ?? {}, optional);
}

function authOf({ headers, form, json }: Arrived): NonNullable<Receives['auth']> {
  const scheme = /^(basic|bearer) /i.exec(headers.authorization ?? '')?.[1]?.toLowerCase();
  if (scheme !== undefined) return scheme === 'basic' ? 'basic' : 'bearer';
  return form?.client_secret === undefined && json?.client_secret === undefined ? 'none' : 'post';
}

function membersWrong(
  what: string,
  expected: Readonly<Record<string, Matcher>>,
  actual: JsonObject,
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

function answer(answers: Answers, idToken: WireSetting['idToken']): WireResponse {
  if (answers.fails !== undefined) throw new CliError(answers.fails, 'the fixture lets this exchange fail');
  const json =
    answers.idToken === undefined
      ? answers.json
      : fill(answers.json ?? null, { id_token: idToken(answers.idToken, answers.forged === true) });
  return {
    status: answers.status ?? 200,
    headers: { 'content-type': 'application/json; charset=utf-8', ...answers.headers },
    body: answers.body ?? (json === undefined ? '' : JSON.stringify(json)),
  };
}
