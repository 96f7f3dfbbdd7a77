// Hosts of one address family on networks of the other, and of both: the way that works is taken, and what failed is named.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:https';
import { type AddressInfo, connect, createServer as createRawServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { wireError } from '../../src/system/wire-errors.ts';
import { authority, good, leafKey } from '../support/certificates.ts';
import { startProxy } from '../support/connect-proxy.ts';
import { realFetch } from '../support/real-fetch.ts';
import { ownAuthorities } from './own-authorities.ts';
import { start } from './start-server.ts';

/** A port of loopback at which nobody listens, on either family. */
async function freePort(): Promise<number> {
  const server = createRawServer().listen(0, '::');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function fetchWith(addresses: readonly string[], env: Record<string, string> = {}) {
  return realFetch({
    env,
    caFile: ownAuthorities(authority),
    lookup: (_, { all }, done) => {
      const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      // Later, as a real one.
      queueMicrotask(() => {
        if (all) done(null, found);
        else done(null, found[0]?.address ?? '', found[0]?.family);
      });
    },
  });
}

const ask = (fetch: ReturnType<typeof realFetch>, port: number, timeoutMs = 10_000) =>
  fetch({ method: 'POST', url: `https://login.acme.test:${port}/`, headers: {}, body: 'x=1', timeoutMs });

const serve = (host: string) =>
  start(
    createServer({ key: leafKey, cert: good }, (_, r) => void r.end('{}')),
    host,
  );

test.each([
  ['an IPv4-only host', '127.0.0.1', ['127.0.0.1']],
  ['an IPv6-only host', '::1', ['::1']],
  ['a host whose IPv6 address refuses', '127.0.0.1', ['::1', '127.0.0.1']],
  ['a host whose IPv4 address refuses', '::1', ['127.0.0.1', '::1']],
  ['a host whose IPv6 address has no route', '127.0.0.1', ['2001:db8::1', '127.0.0.1']],
  ['a host whose IPv4 address has no route', '::1', ['255.255.255.255', '::1']],
])('%s is asked', async (_, host, addresses) => {
  const port = await serve(host);
  expect((await ask(fetchWith(addresses), port)).status).toBe(200);
});

/** At that address nobody takes a connection: the queue of the kernel is full, and what asks for one is left unanswered. */
async function blackHole(host: string, port: number): Promise<void> {
  const program = `require('node:net').createServer().listen({ host: '${host}', port: ${port}, backlog: 1 }, () => {
    require('node:fs').writeSync(1, 'ready');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  })`;
  const child = spawn(process.execPath, ['-e', program]);
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  for (const socket of [connect(port, host), connect(port, host)]) {
    socket.on('error', () => {});
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
  }
}

test.each([
  ['127.0.0.1', '::1'],
  ['::1', '127.0.0.1'],
])('a host at %s whose other address, %s, swallows everything is asked within the deadline', async (good, hole) => {
  const port = await serve(good);
  await blackHole(hole, port);
  expect((await ask(fetchWith([hole, good]), port, 4_000)).status).toBe(200);
});

test('where every address swallows, each is named', async () => {
  const port = await freePort();
  await blackHole('::1', port);
  await blackHole('127.0.0.1', port);
  await expect(ask(fetchWith(['::1', '127.0.0.1']), port, 800)).rejects.toMatchObject({
    code: 'timed_out',
    cause: { sent: false },
    message: `login.acme.test:${port} did not answer within 0.8 s (tried ::1, 127.0.0.1)`,
  });
});

test.each([
  ['127.0.0.1', ['::1', '127.0.0.1']],
  ['::1', ['127.0.0.1', '::1']],
])('a proxy at %s is found in the same way', async (host, addresses) => {
  const target = await serve('127.0.0.1');
  const proxy = await startProxy({ to: target, host });
  const fetch = fetchWith(addresses, { HTTPS_PROXY: `http://proxy.acme.test:${proxy.port}` });
  expect((await ask(fetch, target)).status).toBe(200);
  expect(proxy.asked).toEqual([`login.acme.test:${target}`]);
});

test('a host that refuses on every address: each is named, and nothing was sent', async () => {
  const port = await freePort();
  const error = await ask(fetchWith(['::1', '127.0.0.1']), port).catch((reason) => reason);
  expect(error).toMatchObject({ code: 'unreachable', cause: { sent: false, code: 'ECONNREFUSED' } });
  expect(error.message).toBe(
    `login.acme.test:${port} refused the connection (tried ::1 ECONNREFUSED, 127.0.0.1 ECONNREFUSED)`,
  );
});

test('no way to one family says nothing of the host: the other address speaks', () => {
  const failed = (code: string, address: string) => Object.assign(new Error('x'), { code, address });
  const both = new AggregateError([failed('ENETUNREACH', '2001:db8::1'), failed('ECONNREFUSED', '192.0.2.1')]);
  expect(wireError(both, 'a.test', false).message).toBe(
    'a.test refused the connection (tried 2001:db8::1 ENETUNREACH, 192.0.2.1 ECONNREFUSED)',
  );
});

test('one family that hangs in its handshake is the one that was asked: no second try', async () => {
  const silent = await start(
    createRawServer(() => {}),
    '::1',
  );
  await expect(ask(fetchWith(['::1', '127.0.0.1']), silent, 400)).rejects.toMatchObject({
    code: 'timed_out',
    cause: { sent: false },
  });
});
