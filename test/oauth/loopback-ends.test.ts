// How a loopback sign-in ends otherwise: time, interruption, ports, a pasted address, a browser that does not open.
import { describe, expect, test } from 'vitest';
import { CliError } from '../../src/errors.ts';
import type { LoopbackRequest } from '../../src/oauth/flows/loopback.ts';
import { comeBack, grantIn, type SignIn, signIn } from './loopback-rig.ts';
import { makeProvider } from './rig.ts';

const loopback = { at: 'loopback', host: '127.0.0.1', ports: 'any', path: '/callback/acme' } as const;

const isClosed = (rig: SignIn, url = rig.callback()) =>
  rig.world.visit(url).then(
    () => false,
    (error: unknown) => error instanceof CliError && error.code === 'unreachable',
  );

describe('nobody comes', () => {
  const causes = async (register: 'uri' | 'origin' | 'none', redirect: Partial<LoopbackRequest['redirect']> = {}) => {
    const provider = { redirect: { ...makeProvider().redirect, register }, silentFailures: ['the app is in testing'] };
    const request = { redirect: { ...loopback, ...redirect }, waitSeconds: 120 };
    const { rig, ended } = await signIn(async () => {}, { provider, request });
    expect(ended).toMatchObject({ code: 'timed_out', hint: 'oauthctl provider guide acme' });
    expect(await isClosed(rig)).toBe(true);
    return (ended as Error).message;
  };
  const start = 'nobody came back from Acme within 2 minutes; likely causes: (1) ';
  const end = '; (2) the app is in testing';

  test('the likely causes are named, the redirect URI first', async () => {
    expect(await causes('none')).toBe(
      `${start}the redirect URI http://127.0.0.1:49152/callback/acme is not registered for this app at Acme${end}`,
    );
  });

  test.each([
    [{ host: 'localhost', ports: [8252], path: '/cb/' }, 'http://localhost:8252/cb/'],
    [{ host: 'localhost', ports: [8252], path: '' }, 'http://localhost:8252'],
  ] as const)('the exact one to register: %j', async (redirect, uri) => {
    expect(await causes('uri', redirect)).toBe(
      `${start}the redirect URI ${uri} is not registered for this app at Acme${end}`,
    );
  });

  test.each([
    [{}, 'http://127.0.0.1/callback/acme'],
    [{ host: 'localhost', path: '' }, 'http://localhost'],
  ] as const)('where any port will do, the one to register has none: %j', async (redirect, uri) => {
    expect(await causes('uri', redirect)).toContain(
      `is not registered for this app at Acme (register it without a port: ${uri})${end}`,
    );
  });

  test('the exact origin, where origins are allowed', async () => {
    expect(await causes('origin', { ports: [8252] })).toBe(
      `${start}http://127.0.0.1:8252 is not among the allowed origins of this app at Acme${end}`,
    );
  });

  test('it takes as long as was said', async () => {
    let before = 0;
    const { rig } = await signIn(async ({ world }) => (before = world.now()), { request: { waitSeconds: 17 } });
    expect(rig.world.now() - before).toBe(17_000);
  });

  test('an answer that could not be used is a cause too', async () => {
    const { ended } = await signIn(async (rig) => rig.world.visit(rig.callback('code=x&state=y')));
    expect((ended as Error).message).toContain('an answer came that could not be used: its state is not the one');
  });
});

describe('interrupted', () => {
  test('during the wait: cancelled, and the listener is closed', async () => {
    const { rig, ended } = await signIn(async (at) => at.interrupt());
    expect(ended).toMatchObject({ code: 'cancelled', exit: 130 });
    expect(await isClosed(rig)).toBe(true);
    expect(rig.server.requests).toEqual([]);
  });

  test('while the code is being exchanged', async () => {
    let during: SignIn | undefined;
    const { rig, ended } = await signIn(async (at) => {
      during = at;
      at.world.network.fetch = async () => {
        during?.interrupt();
        return new Promise(() => {});
      };
      return comeBack(at);
    });
    expect(ended).toMatchObject({ code: 'cancelled' });
    expect(await isClosed(rig)).toBe(true);
  });
});

describe('the last page', () => {
  test('is waited for three seconds when the browser does not fetch it', async () => {
    let cameAt = 0;
    const { rig, ended } = await signIn(async (at) => {
      await at.world.visit(at.callback());
      cameAt = at.world.now();
    });
    grantIn(ended);
    expect(rig.world.now() - cameAt).toBe(3_000);
    expect(await isClosed(rig)).toBe(true);
  });

  test('ends the wait at once when it is delivered', async () => {
    let cameAt = 0;
    const { rig, ended } = await signIn(async (at) => {
      await comeBack(at);
      cameAt = at.world.now();
    });
    grantIn(ended);
    expect(rig.world.now()).toBe(cameAt);
  });
});

describe('ports', () => {
  const redirect = { ...loopback, ports: [4001, 4002] } as const;
  const taken = (ports: number[], register: 'uri' | 'none' = 'uri') => {
    const provider = { redirect: { ...makeProvider().redirect, register } };
    return signIn(comeBack, { provider, request: { redirect }, takenPorts: ports });
  };

  test('the first that is free, in order', async () => {
    expect((await taken([])).rig.asked().get('redirect_uri')).toBe('http://127.0.0.1:4001/callback/acme');
    expect((await taken([4001])).rig.asked().get('redirect_uri')).toBe('http://127.0.0.1:4002/callback/acme');
  });

  test('none free: who must register what is said, and no browser opens', async () => {
    const { rig, ended } = await taken([4001, 4002]);
    expect(ended).toMatchObject({
      code: 'port_unavailable',
      message: expect.stringContaining('http://127.0.0.1:4001/callback/acme, http://127.0.0.1:4002/callback/acme'),
      hint: expect.stringMatching(/^register a redirect URI .* at Acme, then oauthctl connect acme --port PORT$/),
    });
    expect(rig.world.opened).toEqual([]);
  });

  test('where nothing is registered, another port is enough', async () => {
    expect((await taken([4001, 4002], 'none')).ended).toMatchObject({ hint: 'oauthctl connect acme --port PORT' });
  });

  test.each([
    ['localhost', 'http://localhost:4001/callback/acme'],
    ['::1', 'http://[::1]:4001/callback/acme'],
  ] as const)('by the word %s, which its Host must carry', async (host, uri) => {
    const { rig, ended } = await signIn(
      async (at) => {
        expect((await at.world.visit(at.callback(), { host: '127.0.0.1:4001' })).status).toBe(403);
        return comeBack(at);
      },
      { request: { redirect: { ...redirect, host } } },
    );
    grantIn(ended);
    expect(rig.asked().get('redirect_uri')).toBe(uri);
  });
});

describe('pasted at the terminal', () => {
  test('the same attempt, the same state, and nobody waits for a browser', async () => {
    let pastedAt = 0;
    const { rig, ended } = await signIn(
      async (at) => {
        pastedAt = at.world.now();
        at.world.paste(`  ${at.callback()}\n`);
      },
      { terminal: true },
    );
    expect(grantIn(ended).grant.tokens.roles.access?.access?.reveal()).toBe('access-1');
    expect(rig.server.form(0).get('redirect_uri')).toBe(rig.asked().get('redirect_uri'));
    expect(rig.world.now()).toBe(pastedAt);
    expect(rig.said).toEqual(['Waiting for the browser. The address at the end may also be pasted here.']);
    expect(await isClosed(rig)).toBe(true);
  });

  test('a wrong one is told, and the next is taken', async () => {
    const { rig, ended } = await signIn(
      async (at) => {
        for (const line of ['', 'hello', at.callback('code=x&state=other'), at.callback()]) at.world.paste(line);
      },
      { terminal: true },
    );
    grantIn(ended);
    expect(rig.told.filter((line) => line.startsWith('That is not the end of this sign-in'))).toEqual([
      expect.stringContaining('it carries no state'),
      expect.stringContaining('its state is not the one'),
    ]);
    expect(rig.told.join()).not.toContain('code=x');
    expect(rig.server.requests).toHaveLength(1);
  });

  test('a browser that comes after it changes nothing', async () => {
    const { rig, ended } = await signIn(
      async (at) => {
        at.world.paste(at.callback());
        await new Promise((resolve) => setImmediate(resolve));
        const late = at.callback(`code=second&state=${at.asked().get('state')}`);
        return at.world.visit(late).catch(() => undefined);
      },
      { terminal: true },
    );
    grantIn(ended);
    expect(rig.server.requests).toHaveLength(1);
    expect(rig.server.form(0).get('code')).toBe('the-code');
  });

  test('is not asked for where nobody can paste', async () => {
    const { rig, ended } = await signIn(comeBack, { terminal: false });
    grantIn(ended);
    expect(rig.said).toEqual([]);
  });
});

describe('a browser that does not open', () => {
  test('is told; the wait goes on', async () => {
    const { rig, ended } = await signIn(async () => {}, { noBrowser: 'over SSH', request: { waitSeconds: 5 } });
    expect(ended).toMatchObject({ code: 'timed_out' });
    expect(rig.told.at(-1)).toBe('No browser could be opened here: visit the address above in one.');
  });

  test('is not tried when it was not wanted', async () => {
    const { rig } = await signIn(comeBack, { request: { openBrowser: false, waitSeconds: 5 } });
    expect(rig.world.opened).toEqual([]);
    expect(rig.told).toEqual([
      'To sign in to Acme, visit:',
      expect.stringMatching(/^https:\/\/id\.acme\.example\/authorize\?/),
    ]);
  });
});
