// Every exchange of this room: the address is checked first, the answer is read once, and no redirect is ever followed.
// Also openid-client's `customFetch` over it, which keeps what the server really said beside what openid-client is shown.
import type { CustomFetch } from 'openid-client';
import type { WireRequest, WireResponse } from '../model/ports.ts';
import type { Provider } from '../model/provider.ts';
import { type Answer, readWire } from './answer.ts';
import { checkEndpoint } from './endpoints.ts';
import type { OAuthPorts } from './ports.ts';

export interface Question {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  /** The address without what is secret in it, where something is. */
  readonly shown?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** What is asked, for people: `token endpoint`. */
  readonly what: string;
  /** What goes out and must not come back in an error text. */
  readonly secrets: readonly string[];
}

export interface Asking {
  readonly issuer: string;
  readonly ports: OAuthPorts;
  readonly signal?: AbortSignal | undefined;
  /** Told just before the request leaves. */
  readonly onSend?: () => void;
}

/** Rejects with `bad_response` for an address that is refused, and with whatever the Fetch port rejects with. */
export async function ask(question: Question, asking: Asking): Promise<Answer> {
  // Some providers want the token in the path: errors and traces show such an address as it stands in the data.
  const { shown = question.url } = question;
  checkEndpoint(shown, asking.issuer, question.what);
  const url = new URL(question.url);
  const { fetch, clock, waitMs, trace } = asking.ports;
  const { method, headers, body } = question;
  const request: WireRequest = { method, url: url.href, headers, body, timeoutMs: waitMs, signal: asking.signal };
  asking.onSend?.();
  const startedAt = clock.now();
  const line = `${method} ${shown.replace(/[?#].*$/, '')}`;
  let response: WireResponse;
  try {
    response = await fetch(request);
  } catch (error) {
    trace(`${line} failed after ${clock.now() - startedAt} ms`);
    throw error;
  }
  trace(`${line} ${response.status} in ${clock.now() - startedAt} ms`);
  const secrets = [...question.secrets, ...credentialsIn(headers)];
  return readWire(response, { url: new URL(shown), sentAt: startedAt, secrets });
}

export interface Wire {
  readonly fetch: CustomFetch;
  /** Whether the request has left this machine. */
  readonly sent: () => boolean;
  /** What the server answered to it. */
  readonly answer: () => Answer | undefined;
}

/** How a provider wants what openid-client sends as a form (RFC 6749 appendix B). */
export interface Dress {
  readonly json: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

export function dressOf({ tokenBody, tokenHeaders }: Provider): Dress {
  return { json: tokenBody === 'json', headers: tokenHeaders ?? {} };
}

export const plainDress: Dress = { json: false, headers: {} };

/** The form as it leaves, with the headers that go with it. */
export function dressed(form: URLSearchParams, { json, headers }: Dress) {
  const type = json ? 'application/json' : 'application/x-www-form-urlencoded';
  const body = json ? JSON.stringify(Object.fromEntries(form)) : form.toString();
  return { body, headers: { ...headers, 'content-type': type } };
}

/** A wire for one request of openid-client to `what`; `show` makes the Response that openid-client is given. */
export function openWire(
  what: string,
  asking: Asking,
  show: (answer: Answer) => Response,
  dress: Dress = plainDress,
): Wire {
  let sent = false;
  let answer: Answer | undefined;
  return {
    sent: () => sent,
    answer: () => answer,
    fetch: async (url, options) => {
      const form = options.body instanceof URLSearchParams ? options.body : undefined;
      // openid-client names itself; who asks is the Fetch port's to say.
      const { 'user-agent': _, ...headers } = options.headers;
      const secrets = secretParameters.flatMap((name) => form?.getAll(name) ?? []);
      const method = options.method === 'GET' ? 'GET' : 'POST';
      const own = form === undefined ? { body: undefined, headers: dress.headers } : dressed(form, dress);
      const question = { method, url, headers: { ...headers, ...own.headers }, body: own.body, what, secrets } as const;
      answer = await ask(question, { ...asking, onSend: () => (sent = true) });
      return show(answer);
    },
  };
}

const secretParameters = ['token', 'refresh_token', 'code', 'code_verifier', 'client_secret', 'device_code'];

function credentialsIn({ authorization = '' }: Readonly<Record<string, string>>): string[] {
  const [scheme = '', credentials = ''] = authorization.split(' ');
  return [credentials, ...(scheme === 'Basic' ? passwordIn(credentials) : [])];
}

/** The client secret as it left, and as it was before it was encoded (see client-auth.ts). */
function passwordIn(credentials: string): string[] {
  const password = Buffer.from(credentials, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '');
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
