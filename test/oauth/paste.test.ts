// The sign-in whose end is pasted at the terminal: no listener, the same checks.
import { describe, expect, test } from 'vitest';
import type { WireResponse } from '../../src/model/ports.ts';
import type { Provider } from '../../src/model/provider.ts';
import { type PasteRequest, runPaste } from '../../src/oauth/flows/paste.ts';
import { createWorld } from '../support/world.ts';
import { complete, flowIn, json, makePeer, makeProvider, script, tokenAnswer, withEndpoints } from './rig.ts';

const loopback = { at: 'loopback', host: '127.0.0.1', ports: 'any', path: '/callback/acme' } as const;

/** `lines` are pasted once the address is printed; `STATE` in them is the state of the attempt. */
async function paste(
  lines: readonly string[],
  changes: Partial<PasteRequest> = {},
  setting: { terminal: boolean; answer: WireResponse; seed?: number } = { terminal: true, answer: tokenAnswer },
) {
  const server = script(setting.answer);
  const world = createWorld({ fetch: server.fetch, ...setting });
  const rig = flowIn(world);
  const request: PasteRequest = {
    peer: makePeer(),
    scopes: ['mail'],
    redirect: loopback,
    extraParams: {},
    waitSeconds: 300,
    openBrowser: false,
    ...changes,
  };
  const asked = () => new URL(rig.told.find((line) => line.startsWith('https:')) ?? '').searchParams;
  const tell = (line: string) => {
    rig.ports.tell(line);
    if (!line.startsWith('At the end')) return;
    for (const text of lines) world.paste(text.replaceAll('STATE', asked().get('state') ?? ''));
  };
  const ended = await runPaste(request, { ...rig.ports, tell }, complete).catch((error: unknown) => error as Error);
  return { ended, rig, world, server, asked };
}

describe('pasted', () => {
  test('the whole way, without a listener', async () => {
    const { ended, server, asked, rig } = await paste(['http://127.0.0.1:1/callback/acme?code=the-code&state=STATE']);
    expect(ended).toMatchObject({ grant: { granted: ['mail'] } });
    expect(server.form(0).get('code')).toBe('the-code');
    expect(server.form(0).get('redirect_uri')).toBe(asked().get('redirect_uri'));
    expect(server.form(0).has('code_verifier')).toBe(true);
    expect(rig.told.join()).not.toContain('the-code');
  });

  test('a wrong state, then the right one', async () => {
    const { ended, server, rig } = await paste(['?code=stolen&state=other', '?code=the-code&state=STATE']);
    expect(ended).toMatchObject({ grant: {} });
    expect(rig.told.at(-1)).toMatch(/^That is not the end of this sign-in: its state/);
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    ['a refused consent', '?error=access_denied&state=STATE', 'consent_denied'],
    ['another server', '?code=c&state=STATE&iss=https://evil.example', 'issuer_mismatch'],
  ])('%s', async (_, line, code) => {
    const { ended, server } = await paste([line]);
    expect(ended).toMatchObject({ code });
    expect(server.requests).toEqual([]);
  });

  test('a code that is refused', async () => {
    const setting = { terminal: true, answer: json(400, { error: 'invalid_grant' }) };
    expect((await paste(['?code=c&state=STATE'], {}, setting)).ended).toMatchObject({ code: 'provider_refused' });
  });

  test('twenty wrong ones end it', async () => {
    const { ended } = await paste(Array.from({ length: 20 }, () => 'hello'));
    expect(ended).toMatchObject({ code: 'state_mismatch' });
  });
});

describe('where the provider sends the browser', () => {
  test('an unpredictable port where any will do', async () => {
    const ports = new Set<string>();
    for (const seed of [1, 2, 3, 4]) {
      const { asked } = await paste(['?code=c&state=STATE'], {}, { terminal: true, answer: tokenAnswer, seed });
      const { port, href } = new URL(asked().get('redirect_uri') ?? '');
      expect(href).toBe(`http://127.0.0.1:${port}/callback/acme`);
      expect(Number(port)).toBeGreaterThanOrEqual(49_152);
      ports.add(port);
    }
    expect(ports.size).toBe(4);
  });

  test.each([
    [{ ...loopback, ports: [4001, 4002] }, 'http://127.0.0.1:4001/callback/acme'],
    [{ at: 'own', uri: 'https://me.example/cb?tenant=1' }, 'https://me.example/cb?tenant=1'],
  ] as const)('%j', async (redirect, uri) => {
    const { asked, server, rig } = await paste(['?code=c&state=STATE'], { redirect });
    expect(asked().get('redirect_uri')).toBe(uri);
    // Byte for byte what was asked with, its own query included.
    expect(server.form(0).get('redirect_uri')).toBe(uri);
    expect(rig.told.join()).toContain(`begins with ${uri.split('?')[0]} `);
  });
});

describe('what the page prints', () => {
  const at = (uri: string | null, prints: 'code' | 'token' = 'code', more: Partial<Provider> = {}) => ({
    peer: makePeer({ printed: { redirect: 'omit', prints }, ...more }),
    redirect: { at: 'printed', uri } as const,
  });

  test('a bare code, bound by PKCE', async () => {
    const { ended, server, rig, asked } = await paste([' 4/0Aab+c== '], at(null));
    expect(ended).toMatchObject({ grant: { granted: ['mail'] } });
    expect(server.form(0).get('code')).toBe('4/0Aab+c==');
    expect(server.form(0).get('code_verifier')).toMatch(/^[\w-]{43}$/);
    expect(rig.told.at(-1)).toBe('At the end Acme shows a code. Copy it and paste it here (it is not shown):');
    expect([asked().has('redirect_uri'), server.form(0).has('redirect_uri')]).toEqual([false, false]);
  });

  test('a redirect URI that asks for it is sent both times', async () => {
    const uri = 'urn:ietf:wg:oauth:2.0:oob';
    const { server, asked } = await paste(['the-code'], at(uri));
    expect([asked().get('redirect_uri'), server.form(0).get('redirect_uri')]).toEqual([uri, uri]);
  });

  test.each(['code=the-code', 'https://acme.example/done?code=the-code&state=STATE'])(
    'understood too: %s',
    async (line) => {
      const { server } = await paste([line], at(null));
      expect(server.form(0).get('code')).toBe('the-code');
    },
  );

  test('a state is not needed, and a wrong one is not taken', async () => {
    const { server, rig } = await paste(['code=stolen&state=other', 'the-code'], at(null));
    expect(server.form(0).get('code')).toBe('the-code');
    expect(rig.told.at(-1)).toBe(
      'That is not the end of this sign-in: its state is not the one of this sign-in. Paste the code as the page of Acme shows it.',
    );
  });

  test('a bare code is taken in this way only', async () => {
    const { server } = await paste(['stolen', '?code=the-code&state=STATE']);
    expect(server.form(0).get('code')).toBe('the-code');
  });

  test('a token is the grant', async () => {
    const tokenOnly = withEndpoints({ token: null });
    const { ended, server, rig } = await paste([' ATTA0123 '], at(null, 'token', tokenOnly));
    if (ended instanceof Error) throw ended;
    const { grant } = ended;
    expect(grant).toMatchObject({ granted: ['mail'], account: { id: null, name: null } });
    expect(Object.keys(grant.tokens.roles)).toEqual(['access']);
    expect(grant.tokens.roles.access).toMatchObject({ tokenType: 'Bearer', expiresAt: null, refresh: null });
    expect(grant.tokens.roles.access?.access?.reveal()).toBe('ATTA0123');
    expect(server.requests).toEqual([]);
    expect(rig.told.join()).not.toContain('ATTA0123');
  });

  test('nobody pastes: no redirect URI is blamed where none is sent', async () => {
    const { ended } = await paste([], { ...at(null), waitSeconds: 60 });
    expect((ended as Error).message).toBe('nobody pasted the code of Acme within 1 minute');
    const oob = await paste([], {
      ...at('urn:ietf:wg:oauth:2.0:oob', 'code', { silentFailures: ['x'] }),
      waitSeconds: 60,
    });
    expect((oob.ended as Error).message).toBe(
      'nobody pasted the code of Acme within 1 minute; likely causes: (1) the redirect URI urn:ietf:wg:oauth:2.0:oob is not registered for this app at Acme; (2) x',
    );
  });
});

test('a token behind the "#" of an address where nothing listens: the path must be the right one', async () => {
  const provider = {
    ...withEndpoints({ token: null }),
    redirect: { ...makeProvider().redirect, stateIn: 'path' },
  } as const;
  const redirect = { ...loopback, ports: [8252] } as const;
  const address = (path: string) => `http://127.0.0.1:8252/callback/acme${path}#token=the-token`;
  const wrong = await paste([address('')], { peer: makePeer(provider), redirect, waitSeconds: 60 });
  expect(wrong.ended).toMatchObject({ code: 'timed_out', message: expect.stringContaining('its address is not') });
  const uri = wrong.asked().get('redirect_uri') ?? '';
  // The same seed draws the same path.
  const { ended } = await paste([`${uri}#token=the-token`], { peer: makePeer(provider), redirect });
  expect(ended).toMatchObject({ grant: { granted: ['mail'] } });
});

test('nothing is printed where nobody can paste', async () => {
  const { ended, rig } = await paste([], {}, { terminal: false, answer: tokenAnswer });
  expect(ended).toMatchObject({ code: 'needs_terminal', hint: expect.stringContaining('--paste') });
  expect(rig.told).toEqual([]);
});

test('nobody pastes: the time is bounded', async () => {
  const { ended } = await paste([], { waitSeconds: 60 });
  expect(ended).toMatchObject({ code: 'timed_out', message: expect.stringContaining('within 1 minute') });
});
