// Every exchange of this room: the address is checked first, the answer is read once, and no redirect is ever followed.
// Also openid-client's `customFetch` over it, which keeps what the server really said beside what openid-client is shown.
import type { CustomFetch } from 'openid-client';
import type { WireRequest, WireResponse } from '../model/ports.ts';
import { type Answer, readWire } from './answer.ts';
import { checkEndpoint } from './endpoints.ts';
import type { OAuthPorts } from './ports.ts';

export interface Question {
  readonly method: 'GET' | 'POST';
  readonly url: string;
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
  const url = checkEndpoint(question.url, asking.issuer, question.what);
  const { fetch, clock, waitMs, trace } = asking.ports;
  const { method, headers, body } = question;
  const request: WireRequest = { method, url: url.href, headers, body, timeoutMs: waitMs, signal: asking.signal };
  asking.onSend?.();
  const startedAt = clock.now();
  const line = `${method} ${url.origin}${url.pathname}`;
  let response: WireResponse;
  try {
    response = await fetch(request);
  } catch (error) {
    trace(`${line} failed after ${clock.now() - startedAt} ms`);
    throw error;
  }
  trace(`${line} ${response.status} in ${clock.now() - startedAt} ms`);
  return readWire(response, { url, sentAt: startedAt, secrets: question.secrets });
}

export interface Wire {
  readonly fetch: CustomFetch;
  /** Whether the request has left this machine. */
  readonly sent: () => boolean;
  /** What the server answered to it. */
  readonly answer: () => Answer | undefined;
}

/** A wire for one request of openid-client to `what`; `show` makes the Response that openid-client is given. */
export function openWire(what: string, asking: Asking, show: (answer: Answer) => Response): Wire {
  let sent = false;
  let answer: Answer | undefined;
  return {
    sent: () => sent,
    answer: () => answer,
    fetch: async (url, options) => {
      const body = options.body instanceof URLSearchParams ? options.body : undefined;
      // openid-client names itself; who asks is the Fetch port's to say.
      const { 'user-agent': _, ...headers } = options.headers;
      const secrets = secretsIn(body, headers);
      const method = options.method === 'GET' ? 'GET' : 'POST';
      const question = { method, url, headers, body: body?.toString(), what, secrets } as const;
      answer = await ask(question, { ...asking, onSend: () => (sent = true) });
      return show(answer);
    },
  };
}

const secretParameters = ['token', 'refresh_token', 'code', 'code_verifier', 'client_secret', 'device_code'];

function secretsIn(body: URLSearchParams | undefined, headers: Readonly<Record<string, string>>): string[] {
  const inBody = secretParameters.flatMap((name) => body?.getAll(name) ?? []);
  const [scheme = '', credentials = ''] = headers.authorization?.split(' ') ?? [];
  return [...inBody, credentials, ...(scheme === 'Basic' ? passwordIn(credentials) : [])];
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
