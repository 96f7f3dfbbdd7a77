// The fake world's sockets and browser: loopback listeners in-process, everything else answered by the test.
import { CliError } from '../../src/errors.ts';
import type { Fetch, Listener, ListenOptions, ListenResponse, WireRequest } from '../../src/model/ports.ts';
import type { FakeClock } from './fake-clock.ts';

export interface FakeNetwork {
  /** Answers what is not a fake listener's; settable at any time. */
  fetch: Fetch;
  /** Every request that `system.fetch` was given. */
  readonly requests: WireRequest[];
  /** Ports that somebody else holds. */
  readonly takenPorts: Set<number>;
  readonly listen: Listener;
  readonly fetchPort: Fetch;
  visit(url: string, headers?: Record<string, string>, method?: string, body?: string): Promise<ListenResponse>;
}

interface Open {
  readonly options: ListenOptions;
  readonly closed: Promise<never>;
}

const loopback = /^(127\.0\.0\.1|\[::1\]|localhost)$/;

function refused(host: string): CliError {
  return new CliError('unreachable', `${host} refused the connection`, { cause: { sent: false } });
}

export function createFakeNetwork(clock: FakeClock, fetch: Fetch | undefined): FakeNetwork {
  const listeners = new Map<number, Open>();
  let nextPort = 49_152;

  const openAt = (url: URL) => {
    const open = listeners.get(Number(url.port));
    const host = open?.options.host === '::1' ? '[::1]' : open?.options.host;
    const reached = host === 'localhost' || host === url.hostname || (url.hostname === 'localhost' && host);
    return loopback.test(url.hostname) && reached ? open : undefined;
  };

  const ask = async (
    open: Open,
    url: URL,
    request: { method: string; headers: Record<string, string>; body: string },
  ) => {
    const target = url.pathname + url.search;
    const headers = { host: url.host, ...request.headers };
    const answer = open.options.handle({ method: request.method, target, headers, body: request.body });
    const response = await Promise.race([answer, open.closed]);
    response.sent?.();
    return response;
  };

  const network: FakeNetwork = {
    fetch: fetch ?? (async ({ url }) => Promise.reject(refused(new URL(url).host))),
    requests: [],
    takenPorts: new Set(),
    listen: async (options) => {
      let port = options.port;
      if (port === 0)
        do port = nextPort++;
        while (listeners.has(port) || network.takenPorts.has(port));
      if (listeners.has(port) || network.takenPorts.has(port))
        throw new CliError('port_unavailable', `port ${port} is in use`);
      let drop = (_: Error) => {};
      const closed = new Promise<never>((_, reject) => (drop = reject));
      closed.catch(() => {});
      listeners.set(port, { options, closed });
      return {
        port,
        close: async () => {
          listeners.delete(port);
          drop(new CliError('unreachable', `port ${port} closed the connection`, { cause: { sent: true } }));
        },
      };
    },
    fetchPort: (request) => {
      network.requests.push(request);
      return timed(clock, request, async () => {
        const url = new URL(request.url);
        const open = openAt(url);
        if (!open) return network.fetch(request);
        const { headers, method, body = '' } = request;
        const response = await clock.letGo(() => ask(open, url, { method, headers: { ...headers }, body }));
        return { status: response.status, headers: response.headers, body: response.body };
      });
    },
    visit: (address, headers = {}, method = 'GET', body = '') =>
      clock.letGo(async () => {
        const url = new URL(address);
        const open = openAt(url);
        if (!open) throw refused(url.host);
        return ask(open, url, { method, headers, body });
      }),
  };
  return network;
}

/** The exchange within its time; the clock jumps only when the answering side sleeps too. */
async function timed<T>(clock: FakeClock, request: WireRequest, exchange: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  const host = new URL(request.url).host;
  const late = clock.sleep(request.timeoutMs, over.signal).then(() => {
    throw new CliError('timed_out', `${host} did not answer within ${request.timeoutMs / 1000} s`, {
      cause: { sent: true },
    });
  });
  late.catch(() => {});
  const aborted = new Promise<never>((_, reject) => {
    const cancel = () => reject(new CliError('cancelled', 'interrupted'));
    if (request.signal?.aborted) cancel();
    request.signal?.addEventListener('abort', cancel, { once: true });
  });
  aborted.catch(() => {});
  try {
    return await Promise.race([clock.hold(exchange), late, aborted]);
  } finally {
    over.abort();
  }
}
