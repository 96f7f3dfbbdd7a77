// What the switches of transport-switches.ts do to an answer. No provider is known here.
import type { Call, Reply } from './call.ts';
import { jsonReply, plainPage } from './replies.ts';
import type { SandboxResponse } from './sandbox.ts';

/** The answer of a server that does not act at all, or undefined when it is well. */
export function answerWithoutActing(call: Call): Reply | 'reset' | undefined {
  const resetsBefore = call.state.switches['connection-reset']?.value === 'before';
  if (resetsBefore && call.switched('connection-reset') !== undefined) return 'reset';
  const seconds = call.switched('http-429');
  if (seconds !== undefined) return overloaded(call, 429, 'rate_limit_exceeded', Number(seconds));
  const status = call.switched('http-5xx');
  if (status !== undefined) return overloaded(call, Number(status), 'backend_error', 30);
  const shown = call.switched('html');
  return shown === undefined ? undefined : plainPage(Number(shown), 'Please sign in to this network');
}

/** RFC 9110 §10.2.3: seconds or a date. */
function overloaded(call: Call, status: number, error: string, seconds: number): Reply {
  const style = call.switched('retry-after') ?? 'seconds';
  const date = new Date(call.at + seconds * 1000).toUTCString();
  const names = style !== 'missing' && (status === 429 || status === 503);
  return jsonReply(status, { error }, names ? { 'retry-after': style === 'date' ? date : String(seconds) } : {});
}

/** What happens to the answer on its way back. */
export function sendBack(call: Call, reply: Reply | 'reset'): SandboxResponse {
  const delayMs = Number(call.switched('latency') ?? 0);
  const date = new Date(call.at).toUTCString();
  if (reply === 'reset' || call.switched('connection-reset') !== undefined)
    return { status: 502, headers: { date }, body: '', delayMs, fault: 'reset' };
  const whole = { ...reply, headers: { ...reply.headers, date }, delayMs };
  const cut = call.switched('truncate');
  if (cut === undefined) return whole;
  const half = { ...whole, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) };
  return cut === 'connection' ? { ...half, fault: 'truncate' } : half;
}
