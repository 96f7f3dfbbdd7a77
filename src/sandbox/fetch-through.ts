// The Fetch port with the sandbox behind it: the client keeps the real addresses and meets the sandbox's answers and faults.
import { CliError } from '../errors.ts';
import type { Fetch, WireRequest } from '../model/ports.ts';
import type { Sandbox } from './sandbox.ts';

const bodyLimit = 1024 * 1024;

/** The request left: what became of it cannot be told from here. */
const sent = (code: string) => ({ sent: true, code });

/** Bounded in time and size as the port promises, and rejecting with its errors. */
export function fetchThrough(sandbox: Sandbox): Fetch {
  return async (request) => {
    const { method, url, headers, body, timeoutMs, signal } = request;
    const { host } = new URL(url);
    stopWhenAborted(request, host);
    const answer = await sandbox.answer({
      method,
      url,
      // As over the network, where every request names its program: GitHub wants that.
      headers: { 'user-agent': 'oauthctl', ...headers },
      body,
      patienceMs: timeoutMs,
    });
    const { fault } = answer;
    if (fault === 'refused' || fault === 'no-name') throw neverReached(host, fault);
    const takesMs = fault === 'stall' ? Infinity : answer.delayMs;
    if (takesMs > 0) await sandbox.clock.sleep(Math.min(takesMs, timeoutMs), signal);
    stopWhenAborted(request, host);
    if (takesMs >= timeoutMs)
      throw new CliError('timed_out', `${host} did not answer within ${timeoutMs / 1000} s`, {
        hint: 'try again',
        cause: sent('ETIMEDOUT'),
      });
    if (fault !== undefined) throw brokenOff(host);
    if (Buffer.byteLength(answer.body) > bodyLimit)
      throw new CliError('bad_response', `${host} answered with more than 1 MiB`, {
        hint: 'oauthctl provider list shows the addresses: check this one',
        cause: sent('bad_response'),
      });
    return { status: answer.status, headers: answer.headers, body: answer.body };
  };
}

function stopWhenAborted({ signal }: WireRequest, host: string): void {
  if (signal?.aborted) throw new CliError('cancelled', `the request to ${host} was called off`);
}

/** In the words of the real port. */
function neverReached(host: string, fault: 'refused' | 'no-name'): CliError {
  const refused = fault === 'refused';
  const message = refused
    ? `${host} refused the connection`
    : `there is no host ${host}, or no name service that knows it`;
  return new CliError('unreachable', message, {
    hint: refused ? 'check the address, and that the server is running' : 'check the network connection and try again',
    cause: { sent: false, code: refused ? 'ECONNREFUSED' : 'ENOTFOUND' },
  });
}

function brokenOff(host: string): CliError {
  return new CliError('unreachable', `${host} closed the connection before its answer was complete`, {
    hint: 'try again',
    cause: sent('ECONNRESET'),
  });
}
