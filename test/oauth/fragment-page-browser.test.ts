// Chromium on the page that hands a fragment over: its script, its policy, and what is left in the address bar.
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { runFragment } from '../../src/oauth/flows/fragment.ts';
import { createListener } from '../../src/system/listener.ts';
import { launchChromium } from '../support/chromium.ts';
import { grantIn, type SignIn, signIn } from './loopback-rig.ts';
import { makeProvider, withEndpoints } from './rig.ts';

const screenshots = fileURLToPath(new URL('../../.cache/screenshots/', import.meta.url));

/** A provider on another origin, which sends the browser to the return address with this behind it. */
async function providerThatAdds(rig: SignIn, end: string): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(302, { location: `${rig.asked().get('redirect_uri')}${end}` }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/authorize`;
}

interface Seen {
  readonly addresses: string[];
  readonly complaints: string[];
}

async function browse(
  end: string,
  look: (page: Page, rig: SignIn) => Promise<unknown>,
  options: BrowserContextOptions & { terminal?: boolean } = {},
) {
  const browser = await launchChromium();
  const seen: Seen = { addresses: [], complaints: [] };
  const { rig, ended } = await signIn(
    async (at) => {
      const page = await browser.newPage({ viewport: { width: 1100, height: 800 }, ...options });
      page.on('request', (request) => seen.addresses.push(`${request.method()} ${request.url().replace(/#.*/, '')}`));
      page.on('console', (message) => seen.complaints.push(message.text()));
      page.on('pageerror', (error) => seen.complaints.push(error.message));
      await page.goto(await providerThatAdds(at, end));
      await look(page, at);
    },
    {
      provider: {
        ...withEndpoints({ token: null }),
        redirect: { ...makeProvider().redirect, register: 'origin', stateIn: 'path' },
      },
      request: { redirect: { at: 'loopback', host: 'localhost', ports: 'any', path: '/callback/acme' } },
      run: runFragment,
      listen: createListener(),
      terminal: options.terminal ?? false,
    },
  );
  return { rig, ended, seen };
}

async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

test('the token is taken over, and is nowhere in the browser afterwards', async () => {
  const { rig, ended, seen } = await browse('#token=the-token', async (page) => {
    await page.waitForURL(/\/result\//);
    await page.getByText("Connected as 'acme'").waitFor();
    expect(page.url()).not.toContain('token');
    expect(await page.content()).not.toContain('the-token');
    await page.goBack().catch(() => {});
    expect(page.url()).not.toContain('the-token');
  });
  expect(grantIn(ended).grant.tokens.roles.access?.access?.reveal()).toBe('the-token');
  expect(seen.complaints).toEqual([]);
  const place = rig.asked().get('redirect_uri') ?? '';
  const [, , handed, result] = seen.addresses;
  expect([handed, result]).toEqual([
    `POST ${place}`,
    expect.stringMatching(/^GET http:\/\/localhost:\d+\/result\/[\w-]+$/),
  ]);
  expect(seen.addresses.join()).not.toContain('the-token');
});

test.each(['#error=access_denied', '?error=access_denied'])('a refusal comes over too: %s', async (end) => {
  const { ended } = await browse(end, async (page) => {
    await page.waitForURL(/\/result\//);
    await page.getByText('Acme is not connected').waitFor();
  });
  expect(ended).toMatchObject({ code: 'consent_denied' });
});

test('an address without an answer says so, and the wait goes on', async () => {
  const { ended } = await browse('', async (page, rig) => {
    await page.getByText('Nothing was changed: it carries neither a token nor an error.').waitFor();
    await page.goto('about:blank');
    await page.goto(await providerThatAdds(rig, '#token=the-token'));
    await page.waitForURL(/\/result\//);
    await page.getByText("Connected as 'acme'").waitFor();
  });
  grantIn(ended);
});

test('without JavaScript the address stays, to be pasted in the terminal', async () => {
  const { ended } = await browse(
    '#token=the-token',
    async (page, rig) => {
      // Playwright's text selectors look into no <noscript>.
      await page.locator('noscript p').waitFor({ state: 'visible' });
      await picture(page, 'fragment-without-script');
      expect(page.url()).toMatch(/#token=the-token$/);
      rig.world.paste(page.url());
    },
    { javaScriptEnabled: false, terminal: true },
  );
  expect(grantIn(ended).grant.tokens.roles.access?.access?.reveal()).toBe('the-token');
});
