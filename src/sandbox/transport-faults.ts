// What the switches of transport-switches.ts do to an answer. No provider is known here.
import type { Call, ProviderFamily, Reply } from './call.ts';
import { jsonReply, plainPage } from './replies.ts';
import type { SandboxResponse } from './sandbox.ts';

/** The answer of a server that does not act at all, or undefined when it is well. */
export function answerWithoutActing(call: Call, family: ProviderFamily): Reply | 'reset' | undefined {
  const resetsBefore = call.peek('connection-reset') === 'before';
  if (resetsBefore && call.switched('connection-reset') !== undefined) return 'reset';
  const seconds = call.switched('http-429');
  if (seconds !== undefined) return overloaded(call, family, 429, Number(seconds));
  const status = call.switched('http-5xx');
  if (status !== undefined) return overloaded(call, family, Number(status), 30);
  const shown = call.switched('html');
  return shown === undefined ? undefined : plainPage(Number(shown), 'Please sign in to this network');
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
export function sendBack(call: Call, reply: Reply | 'reset'): SandboxResponse & { readonly whole: boolean } {
  const delayMs = Number(call.switched('latency') ?? 0) + jitter(call);
  const date = new Date(call.at).toUTCString();
  if (reply === 'reset' || call.switched('connection-reset') !== undefined)
    return { status: 502, headers: { date }, body: '', delayMs, fault: 'reset', whole: false };
  const answer = { ...reply, headers: { ...reply.headers, date }, delayMs };
  const cut = call.switched('truncate');
  if (cut === undefined) return { ...answer, whole: true };
  const half = { ...answer, body: reply.body.slice(0, Math.floor(reply.body.length / 2)), whole: false };
  return cut === 'connection' ? { ...half, fault: 'truncate' } : half;
}

function jitter(call: Call): number {
  const most = Number(call.switched('jitter') ?? 0);
  if (most <= 0) return 0;
  const [a = 0, b = 0, c = 0] = call.random.bytes(3);
  return Math.floor(((a * 65_536 + b * 256 + c) / 16_777_216) * (most + 1));
}
