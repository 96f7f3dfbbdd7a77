// What the Fetch and Listener ports promise each other: the real sockets and the fake network pass the same suite.
import { describe, expect, test } from 'vitest';
import type { Fetch, Listener, ListenRequest, ListenResponse, WireRequest } from '../../src/model/ports.ts';
import { createListener } from '../../src/system/listener.ts';
import { realFetch } from '../support/real-fetch.ts';
import { createWorld } from '../support/world.ts';

interface Network {
  readonly fetch: Fetch;
  readonly listen: Listener;
}

const real = (): Network => ({
  fetch: realFetch(),
  listen: createListener(),
});

const plain = { status: 200, headers: { 'content-type': 'text/plain' }, body: 'hello' };
const never = () => new Promise<never>(() => {});

describe.each([
  ['real sockets', real],
  ['the fake network', () => createWorld().system as Network],
])('%s', (_, make) => {
  const { fetch, listen } = make();

  async function serve(
    handle: (request: ListenRequest) => Promise<ListenResponse>,
    host: '127.0.0.1' | 'localhost' = '127.0.0.1',
  ) {
    const listening = await listen({ host, port: 0, handle });
    const ask = (path: string, request: Partial<WireRequest> = {}) =>
      fetch({
        method: 'GET',
        headers: {},
        timeoutMs: 5000,
        ...request,
        url: `http://127.0.0.1:${listening.port}${path}`,
      });
    return { ...listening, ask };
  }

  test('a request arrives as it was sent, and so does its answer', async () => {
    const seen: ListenRequest[] = [];
    const { ask, port, close } = await serve(async (request) => {
      seen.push(request);
      return { status: 201, headers: { 'x-answer': 'yes' }, body: 'grüß dich' };
    });
    const answer = await ask('/a/b?c=d%20e&f', { method: 'POST', headers: { 'x-test': '1' }, body: 'k=ö' });
    expect(answer).toMatchObject({ status: 201, headers: { 'x-answer': 'yes' }, body: 'grüß dich' });
    expect(seen).toMatchObject([
      { method: 'POST', target: '/a/b?c=d%20e&f', body: 'k=ö', headers: { host: `127.0.0.1:${port}`, 'x-test': '1' } },
    ]);
    await close();
  });

  test('a redirect comes back as it is', async () => {
    let asked = 0;
    const { ask, close } = await serve(async () => {
      asked++;
      return { status: 303, headers: { location: '/elsewhere' }, body: '' };
    });
    expect(await ask('/')).toMatchObject({ status: 303, headers: { location: '/elsewhere' } });
    expect(asked).toBe(1);
    await close();
  });

  test('where nobody listens nothing was sent', async () => {
    const { ask, close } = await serve(async () => plain);
    await close();
    await expect(ask('/')).rejects.toMatchObject({ code: 'unreachable', cause: { sent: false } });
  });

  test('no answer in time: the request may have been acted upon', async () => {
    const { ask, close } = await serve(never);
    await expect(ask('/', { timeoutMs: 500 })).rejects.toMatchObject({ code: 'timed_out', cause: { sent: true } });
    await close();
  });

  test('an interruption ends the exchange, also one that came before', async () => {
    const stop = new AbortController();
    const { ask, close } = await serve(async () => {
      stop.abort();
      return never();
    });
    await expect(ask('/', { signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
    await expect(ask('/', { signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
    await close();
  });

  test('closing ends whoever still waits', async () => {
    let arrived = () => {};
    const waiting = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const { ask, close } = await serve(async () => {
      arrived();
      return never();
    });
    const answer = expect(ask('/')).rejects.toMatchObject({ code: 'unreachable', cause: { sent: true } });
    await waiting;
    await close();
    await answer;
  });

  test('a port that is taken is said to be', async () => {
    const first = await serve(async () => plain, 'localhost');
    const again = listen({ host: '127.0.0.1', port: first.port, handle: async () => plain });
    await expect(again).rejects.toMatchObject({
      code: 'port_unavailable',
      message: expect.stringContaining(String(first.port)),
    });
    await first.close();
    const second = await listen({ host: '127.0.0.1', port: first.port, handle: async () => plain });
    expect(second.port).toBe(first.port);
    await second.close();
  });

  test('who answers learns when the answer has left', async () => {
    let left = 0;
    const { ask, close } = await serve(async () => ({ ...plain, sent: () => void left++ }));
    await ask('/');
    await ask('/', { method: 'HEAD' });
    await close();
    expect(left).toBe(2);
  });
});
