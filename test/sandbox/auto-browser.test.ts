// Where nobody is there: what the browser and the person would have done with what a consent comes to.
import { expect, test } from 'vitest';
import { CliError } from '../../src/errors.ts';
import type { WireRequest, WireResponse } from '../../src/model/ports.ts';
import { autoBrowser } from '../../src/sandbox/auto-browser.ts';
import * as dropbox from './dropbox-client.ts';
import { createRig, type Form } from './rig.ts';
import { legacyUrl, returnUrl } from './trello-client.ts';

const page: WireResponse = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html></html>' };
const handedOn: WireResponse = { status: 200, headers: {}, body: '/result/abc' };
const redirect: WireResponse = { status: 303, headers: { location: '/result/abc' }, body: '' };
const nobodyListens = new CliError('unreachable', 'nobody listens');

/** A browser whose listener gives these answers, one after the other. */
async function start(answers: readonly (WireResponse | Error)[], switches: readonly string[] = []) {
  const rig = await createRig(switches);
  const left = [...answers];
  const seen: WireRequest[] = [];
  let arrived = () => {};
  const all = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const browser = autoBrowser(
    rig.sandbox,
    async (request) => {
      seen.push(request);
      const answer = left.shift();
      if (left.length === 0) arrived();
      if (answer === undefined || answer instanceof Error) throw answer;
      return answer;
    },
    () => new Promise(() => {}),
  );
  return { rig, browser, seen, all };
}

const pasted = ({ browser }: Awaited<ReturnType<typeof start>>) => browser.pastedLine(new AbortController().signal);

test('a code in the query: the callback is visited, and the redirect after it', async () => {
  const { rig, browser, seen, all } = await start([redirect, page]);
  expect(await browser.open(dropbox.authorizationUrl(rig))).toBe(true);
  await all;
  expect(seen.map(({ method, url }) => `${method} ${url.replace(/\?.*/, '?…')}`)).toEqual([
    `GET ${dropbox.redirectUri}?…`,
    'GET http://localhost:8252/result/abc',
  ]);
  expect(await rig.violations()).toEqual([]);
});

test('a token in the fragment: the page is fetched without it, and handed what its script would hand it', async () => {
  const { rig, browser, seen, all } = await start([page, handedOn, page]);
  await browser.open(legacyUrl(rig));
  await all;
  const [got, posted, last] = seen;
  expect([got?.method, got?.url, posted?.method, posted?.url]).toEqual([
    'GET',
    returnUrl,
    'POST',
    'http://127.0.0.1:8252/callback/trello/a-nonce',
  ]);
  expect(posted?.headers).toEqual({
    'content-type': 'application/json',
    origin: 'http://127.0.0.1:8252',
    'sec-fetch-site': 'same-origin',
  });
  expect(JSON.parse(posted?.body ?? '')).toMatch(/^token=ATTASandbox/);
  expect(last?.url).toBe('http://127.0.0.1:8252/result/abc');
});

test('an error in the fragment is handed over too', async () => {
  const { rig, browser, seen, all } = await start([page, handedOn, page], ['consent-denied']);
  await browser.open(legacyUrl(rig));
  await all;
  expect(JSON.parse(seen[1]?.body ?? '')).toBe('error=access_denied');
});

test('a listener that does not know the address is handed nothing', async () => {
  const { rig, browser, seen, all } = await start([{ ...page, status: 404 }]);
  await browser.open(legacyUrl(rig));
  await all;
  expect(seen).toHaveLength(1);
});

test.each([
  ['a code', (rig: Form) => rig.dropbox, /^Sandbox/],
  ['a token', (rig: Form) => rig.trello, /^ATTASandbox/],
])('%s on a page is pasted', async (_, urlOf, expected) => {
  const world = await start([]);
  const urls = {
    dropbox: dropbox.authorizationUrl(world.rig, { redirect_uri: undefined }),
    trello: legacyUrl(world.rig, { return_url: undefined, callback_method: undefined }),
  };
  const waiting = pasted(world);
  await world.browser.open(urlOf(urls) ?? '');
  expect(await waiting).toMatch(expected);
  await world.browser.open(urlOf(urls) ?? '');
  expect(await pasted(world)).toMatch(expected);
  expect(world.seen).toEqual([]);
});

test('an address that nobody listens at is pasted', async () => {
  const world = await start([nobodyListens]);
  await world.browser.open(dropbox.authorizationUrl(world.rig));
  expect(await pasted(world)).toMatch(/^http:\/\/localhost:8252\/callback\/dropbox\?code=.*&state=/);
});

test("an address of the person's own, on the web, is pasted and not visited", async () => {
  const location = 'https://person.example/callback?code=the-code';
  const sandbox = { answer: async () => ({ status: 302, headers: { location }, body: '', delayMs: 0 }) };
  const visited: unknown[] = [];
  const browser = autoBrowser(
    sandbox,
    async (request) => {
      visited.push(request);
      return page;
    },
    () => new Promise(() => {}),
  );
  await browser.open('https://provider.example/authorize');
  expect(await browser.pastedLine(new AbortController().signal)).toBe(location);
  expect(visited).toEqual([]);
});

test('what a person pastes all the same comes first', async () => {
  const { sandbox } = await createRig();
  const browser = autoBrowser(
    sandbox,
    async () => page,
    async () => 'typed',
  );
  expect(await browser.pastedLine(new AbortController().signal)).toBe('typed');
});

test('a page that says no is an error', async () => {
  const { rig, browser } = await start([]);
  await expect(browser.open(legacyUrl(rig, { return_url: 'http://localhost:1/' }))).rejects.toMatchObject({
    code: 'provider_refused',
    message: expect.stringContaining('Invalid return_url'),
  });
});
