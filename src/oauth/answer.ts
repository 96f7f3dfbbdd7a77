// One HTTP answer as data: what it holds, in which shape it came, and how it is described to people.
import type { Json } from '../model/json.ts';
import { isJsonObject, parseJson } from '../model/json.ts';
import type { WireResponse } from '../model/ports.ts';
import { plainText } from './foreign-text.ts';

type Shape = 'json' | 'form' | 'html' | 'broken JSON' | 'empty' | 'text';

export interface Answer {
  readonly url: URL;
  /** When the question left. */
  readonly sentAt: number;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly shape: Shape;
  /** The body as it came, without white space around it. */
  readonly text: string;
  /** The body as JSON; form bodies (RFC 6749 §5.1 wants JSON, some servers send forms) as an object of texts. */
  readonly json: Json | undefined;
  /** The server's clock by its `Date` header; null when it has none. */
  readonly serverAt: number | null;
  /** Foreign text made harmless, without the secrets that were sent. */
  readonly plain: (text: string) => string;
}

export function readWire(
  response: WireResponse,
  question: { readonly url: URL; readonly sentAt: number; readonly secrets: readonly string[] },
): Answer {
  const { url, sentAt, secrets } = question;
  const at = Date.parse(response.headers.date ?? '');
  return {
    url,
    sentAt,
    status: response.status,
    headers: response.headers,
    text: response.body.trim(),
    ...readBody(response),
    serverAt: Number.isNaN(at) ? null : at,
    plain: (text) => plainText(text, secrets),
  };
}

function readBody({ headers, body }: WireResponse): { shape: Shape; json: Json | undefined } {
  // White space and a byte order mark, which RFC 8259 §8.1 lets a reader ignore.
  const text = body.trim();
  if (text === '') return { shape: 'empty', json: undefined };
  const json = parseJson(text);
  if (json !== undefined) return { shape: 'json', json };
  const type = headers['content-type'] ?? '';
  if (/html/i.test(type) || text.startsWith('<')) return { shape: 'html', json: undefined };
  if (text.startsWith('{') || text.startsWith('[')) return { shape: 'broken JSON', json: undefined };
  if (/x-www-form-urlencoded/i.test(type) || /^[\w.]+=[^\s<>]*$/.test(text)) {
    return { shape: 'form', json: Object.fromEntries(new URLSearchParams(text)) };
  }
  return { shape: 'text', json: undefined };
}

export function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** Never followed, since what is sent is secret; and no answer either. */
export function isRedirect({ status }: Answer): boolean {
  return status >= 300 && status < 400;
}

const shapeWords: Readonly<Record<Shape, string>> = {
  json: 'JSON',
  form: 'a form',
  html: 'an HTML page',
  'broken JSON': 'JSON that breaks off or is malformed',
  empty: 'nothing in it',
  text: 'plain text',
};

/** "accounts.example.com answered HTTP 502 with an HTML page". */
export function describeAnswer(answer: Answer): string {
  const { url, status, shape, headers, plain } = answer;
  const start = `${url.host} answered HTTP ${status}`;
  if (!isRedirect(answer)) return `${start} with ${shapeWords[shape]}`;
  const target =
    headers.location !== undefined && URL.canParse(headers.location, url.href) ? headers.location : undefined;
  const where = target === undefined ? '' : ` to ${plain(new URL(target, url).origin)}`;
  return `${start}, a redirect${where}: redirects are never followed, since what is sent is secret`;
}

/** The error's name where a server gives one: RFC 6749 §5.2, or `error` as an object (Graph and Google APIs). */
export function errorName({ json, plain }: Answer): string | null {
  if (!isJsonObject(json)) return null;
  const { error } = json;
  const named = isJsonObject(error) ? [error.status, error.type, error.code] : [error, json.error_code];
  const name = named.find((value) => typeof value === 'string' && value !== '');
  return typeof name === 'string' ? plain(name) : null;
}

/** What the server says about its error, or null. */
export function errorDescription(answer: Answer): string | null {
  const text = answer.plain(rawDescription(answer));
  return text === '' ? null : text;
}

/** The beginning of it, for servers that go on with trace numbers and times. */
export function firstSentence(answer: Answer): string | null {
  const [line = ''] = rawDescription(answer)
    .trim()
    .split(/[\r\n]/);
  const [sentence = ''] = answer.plain(line).split(/(?<=[.!?]) /);
  return sentence === '' ? null : sentence;
}

function rawDescription({ json }: Answer): string {
  if (!isJsonObject(json)) return '';
  const nested = isJsonObject(json.error) ? json.error.message : undefined;
  const text = [json.error_description, nested, json.message].find((value) => typeof value === 'string');
  return typeof text === 'string' ? text : '';
}

/** A body that is no JSON, form or page. */
export function bodyText({ shape, text }: Answer): string {
  return shape === 'text' ? text : '';
}

/** The value at a JSON pointer (RFC 6901), own members only. */
export function valueAt(json: Json | undefined, pointer: string): Json | undefined {
  if (pointer === '') return json;
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<Json | undefined>(
      (value, part) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, part)
          ? (value as Readonly<Record<string, Json>>)[part]
          : undefined,
      json,
    );
}
