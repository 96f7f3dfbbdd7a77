// Redirect URIs letter for letter, and the two address families behind the word `localhost`, over real sockets.
import { request as httpRequest } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createListener } from '../../src/system/listener.ts';
import { comeBack, grantIn, type SignIn, signIn } from './loopback-rig.ts';
import { makeProvider } from './rig.ts';

const localhost = { at: 'loopback', host: 'localhost', ports: [8252, 8253], path: '/callback/acme' } as const;

test.each([
  ['', 'http://localhost:8252', '/?'],
  ['/', 'http://localhost:8252/', '/?'],
  ['/cb/', 'http://localhost:8252/cb/', '/cb/?'],
  ['/C%42', 'http://localhost:8252/C%42', '/C%42?'],
])('the path %j is sent as %s, and the browser comes back at %s', async (path, uri, target) => {
  const { rig, ended } = await signIn(
    async (at) => {
      const query = new URL(at.callback()).search.slice(1);
      return at.world.visit(at.follow(await at.world.visit(`http://localhost:8252${target}${query}`)));
    },
    { request: { redirect: { ...localhost, path } } },
  );
  grantIn(ended);
  expect(rig.asked().get('redirect_uri')).toBe(uri);
  expect(rig.server.form(0).get('redirect_uri')).toBe(uri);
});

test('every URI that could be registered is named when no port is free', async () => {
  const provider = { redirect: { ...makeProvider().redirect, register: 'uri' } } as const;
  const request = { redirect: { ...localhost, path: '' } };
  const { ended } = await signIn(comeBack, { provider, request, takenPorts: [8252, 8253] });
  expect(ended).toMatchObject({
    code: 'port_unavailable',
    message: expect.stringContaining('(http://localhost:8252, http://localhost:8253)'),
  });
});

describe('over real sockets', () => {
  /** Somebody else's server on one family. */
  async function take(host: string): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen({ host, port: 0, ipv6Only: true }, resolve));
    onTestFinished(() => void server.close());
    return (server.address() as AddressInfo).port;
  }

  const get = (address: string, family: string, path: string) =>
    new Promise<{ status: number; location: string | undefined }>((resolve, reject) => {
      const { host, port } = new URL(address);
      const asking = httpRequest({ host: family, port, path, headers: { host } }, (response) => {
        response.resume();
        response.on('end', () => resolve({ status: response.statusCode ?? 0, location: response.headers.location }));
      });
      asking.on('error', reject).end();
    });

  const comeBackBy = (family: string) => async (rig: SignIn) => {
    const url = new URL(rig.callback());
    const { location = '' } = await get(url.href, family, url.pathname + url.search);
    return get(url.href, family, location);
  };

  test.each(['127.0.0.1', '::1'])('a browser that takes %s for localhost is heard', async (family) => {
    const request = { redirect: { ...localhost, ports: 'any', path: '' } } as const;
    const { rig, ended } = await signIn(comeBackBy(family), { request, listen: createListener() });
    grantIn(ended);
    expect(rig.asked().get('redirect_uri')).toMatch(/^http:\/\/localhost:\d+$/);
  });

  test.each(['127.0.0.1', '::1'])('a port that is taken on %s alone is taken', async (host) => {
    const taken = await take(host);
    const other = host === '::1' ? '127.0.0.1' : '::1';
    // 0 stands for the next registered one: whichever is free.
    const request = { redirect: { ...localhost, ports: [taken, 0] } };
    const { rig, ended } = await signIn(comeBackBy(other), { request, listen: createListener() });
    grantIn(ended);
    expect(new URL(rig.asked().get('redirect_uri') ?? '').port).not.toBe(String(taken));

    const alone = { redirect: { ...localhost, ports: [taken] } };
    const { ended: refused } = await signIn(async () => {}, { request: alone, listen: createListener() });
    expect(refused).toMatchObject({
      code: 'port_unavailable',
      message: expect.stringContaining(`http://localhost:${taken}/callback/acme`),
    });
  });
});
