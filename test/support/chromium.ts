// A real browser for the tests.
import { type Browser, chromium } from 'playwright-core';
import { onTestFinished } from 'vitest';

// Debian's Chromium as root, without the parts that call home.
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** Closed when the test ends. */
export async function launchChromium(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args });
  onTestFinished(() => browser.close());
  return browser;
}
