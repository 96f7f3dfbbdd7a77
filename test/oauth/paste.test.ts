// The sign-in whose end is pasted at the terminal: no listener, the same checks.
import { describe, expect, test } from 'vitest';
import type { WireResponse } from '../../src/model/ports.ts';
import { type PasteRequest, runPaste } from '../../src/oauth/flows/paste.ts';
import { createWorld } from '../support/world.ts';
import { complete, flowIn, json, makePeer, script, tokenAnswer } from './rig.ts';

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

test('nothing is printed where nobody can paste', async () => {
  const { ended, rig } = await paste([], {}, { terminal: false, answer: tokenAnswer });
  expect(ended).toMatchObject({ code: 'needs_terminal', hint: expect.stringContaining('--paste') });
  expect(rig.told).toEqual([]);
});

test('nobody pastes: the time is bounded', async () => {
  const { ended } = await paste([], { waitSeconds: 60 });
  expect(ended).toMatchObject({ code: 'timed_out', message: expect.stringContaining('within 1 minute') });
});
