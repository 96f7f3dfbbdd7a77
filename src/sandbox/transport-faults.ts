// What the switches of transport-switches.ts do to an answer. No provider is known here.
import type { Call, ProviderFamily, Reply } from './call.ts';
import { emptyReply, jsonReply, plainPage, redirectReply } from './replies.ts';
import type { SandboxResponse } from './sandbox.ts';

/** No answer comes at all. `refused`, `no-name`: and nothing has left the client. */
type Broken = 'reset' | 'refused' | 'no-name';

/** The answer of a server that does not act at all, or undefined when it is well. */
export function answerWithoutActing(call: Call, family: ProviderFamily): Reply | Broken | undefined {
  const unreachable = call.switched('unreachable');
  if (unreachable !== undefined) return unreachable === 'no-name' ? 'no-name' : 'refused';
  const resetsBefore = call.peek('connection-reset') === 'before';
  if (resetsBefore && call.switched('connection-reset') !== undefined) return 'reset';
  const seconds = call.switched('http-429');
  if (seconds !== undefined) return overloaded(call, family, 429, Number(seconds));
  const status = call.switched('http-5xx');
  if (status !== undefined) return overloaded(call, family, Number(status), 30);
  return answerOfSomethingElse(call);
}

/** What stands in the way of the server: a portal, a proxy, a page for when it is down. */
function answerOfSomethingElse(call: Call): Reply | undefined {
  const shown = call.switched('html');
  if (shown !== undefined) return plainPage(Number(shown), 'Please sign in to this network');
  const empty = call.switched('empty');
  if (empty !== undefined) return emptyReply(Number(empty));
  const location = call.switched('redirect');
  if (location !== undefined) return redirectReply(302, location);
  const json = call.switched('wrong-json');
  return json === undefined ? undefined : jsonReply(200, json === 'list' ? [] : json === 'null' ? null : 'ok');
}

/** 529 is what some providers say for 503. */
const namesATime = [429, 503, 529];

/** RFC 9110 §10.2.3: seconds or a date. */
function overloaded(call: Call, family: ProviderFamily, status: number, seconds: number): Reply {
  const style = call.switched('retry-after') ?? 'seconds';
  const date = new Date(call.at + seconds * 1000).toUTCString();
  const names = style !== 'missing' && namesATime.includes(status);
  const headers: Record<string, string> = names ? { 'retry-after': style === 'date' ? date : String(seconds) } : {};
  const own = family.overloaded?.(call, { status, seconds, headers });
  return own ?? jsonReply(status, { error: status === 429 ? 'rate_limit_exceeded' : 'backend_error' }, headers);
}

/** What happens to the answer on its way back; `whole`: all of it arrives. */
export function sendBack(call: Call, reply: Reply | Broken): SandboxResponse & { readonly whole: boolean } {
  const delayMs = Number(call.switched('latency') ?? 0) + jitter(call);
  const headers = dateHeader(call);
  const broken = typeof reply === 'string' ? reply : call.switched('connection-reset') === undefined ? null : 'reset';
  if (typeof reply === 'string' || broken !== null)
    return { status: 502, headers, body: '', delayMs, fault: broken ?? 'reset', whole: false };
  const type = call.switched('content-type');
  const labelled = type === undefined ? reply.headers : { ...reply.headers, 'content-type': type };
  const padding = ' '.repeat(1024 * Number(call.switched('oversize') ?? 0));
  const answer = { ...reply, headers: { ...labelled, ...headers }, body: reply.body + padding, delayMs };
  const cut = call.switched('truncate');
  if (cut === undefined) return { ...answer, whole: padding === '' };
  const half = { ...answer, body: reply.body.slice(0, Math.floor(reply.body.length / 2)), whole: false };
  return cut === 'body' ? half : { ...half, fault: cut === 'stall' ? 'stall' : 'truncate' };
}

function dateHeader(call: Call): Readonly<Record<string, string>> {
  const wrong = call.switched('date-header');
  if (wrong === 'missing') return {};
  return { date: wrong === 'garbled' ? 'yesterday' : new Date(call.at).toUTCString() };
}

function jitter(call: Call): number {
  const most = Number(call.switched('jitter') ?? 0);
  if (most <= 0) return 0;
  const [a = 0, b = 0, c = 0] = call.random.bytes(3);
  return Math.floor(((a * 65_536 + b * 256 + c) / 16_777_216) * (most + 1));
}
