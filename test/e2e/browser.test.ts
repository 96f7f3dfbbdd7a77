// Chromium really signs in at the sandbox's consent page and shows the callback page. The screenshots are for a person to
// look at: they should look like a product, light and dark.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { mustSucceed, oauthctl, temporaryFolder } from './support/run.ts';

const screenshots = fileURLToPath(new URL('../../.cache/screenshots/', import.meta.url));

// Debian's Chromium as root, without the parts that call home.
const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

async function launch(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: chromiumArgs });
  onTestFinished(() => browser.close());
  return browser;
}

/** A BROWSER that writes the address it is given into a file, for the test to open. */
function waitingBrowser(home: string) {
  const script = join(home, 'browser.sh');
  const file = join(home, 'address');
  writeFileSync(script, `#!/bin/sh\nprintf %s "$1" > ${file}.part && mv ${file}.part ${file}\n`);
  chmodSync(script, 0o755);
  const address = async () => {
    await expect.poll(() => existsSync(file), { timeout: 20_000, interval: 50 }).toBe(true);
    return readFileSync(file, 'utf8');
  };
  return { script, address };
}

async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

test.each(['light', 'dark'] as const)('a person signs in, consents and sees the end, %s', async (colorScheme) => {
  const home = temporaryFolder();
  const { script, address } = waitingBrowser(home);
  const connecting = oauthctl(['--sandbox', 'connect', 'gmail'], home, { env: { BROWSER: script } });
  const browser = await launch();
  const page = await browser.newPage({ colorScheme, viewport: { width: 1100, height: 800 } });
  const outside: string[] = [];
  page.on('request', (request) => {
    if (!['127.0.0.1', 'localhost'].includes(new URL(request.url()).hostname)) outside.push(request.url());
  });
  await page.goto(await address());
  await picture(page, `consent-${colorScheme}`);
  await page.getByRole('button', { name: /allow|continue/i }).click();
  await page.waitForURL(/\/result\//);
  await page
    .getByText(/connected/i)
    .first()
    .waitFor();
  await picture(page, `connected-${colorScheme}`);

  const { exit, stderr } = await connecting;
  expect({ exit, stderr: exit === 0 ? '' : stderr }).toEqual({ exit: 0, stderr: '' });
  expect(page.url()).not.toMatch(/code=|state=/);
  expect(outside).toEqual([]);
  const status = JSON.parse(await mustSucceed(['--sandbox', 'status', '--all', '--json'], home));
  expect(status.data.connections).toMatchObject([{ name: 'gmail', state: 'healthy' }]);
});

test('a person who declines is told so, in the browser and in the terminal', async () => {
  const home = temporaryFolder();
  const { script, address } = waitingBrowser(home);
  const connecting = oauthctl(['--sandbox', 'connect', 'gmail', '--json'], home, { env: { BROWSER: script } });
  const page = await (await launch()).newPage();
  await page.goto(await address());
  await page.getByRole('button', { name: /cancel|deny|decline/i }).click();
  await page.waitForURL(/\/result\//);
  await picture(page, 'declined');
  const { exit, stdout } = await connecting;
  expect({ exit, code: JSON.parse(stdout).error.code }).toEqual({ exit: 4, code: 'consent_denied' });
});
