// Pages: foreign text is text, nothing is loaded from elsewhere, nothing runs, and the label is on every one.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { html } from '../../src/sandbox/html.ts';
import { authorizationUrl, createRig, type Form, get, post, type Rig } from './rig.ts';

const hostile = `"><script>alert(1)</script><img src=https://evil.example/x>'`;
const bidi = 'safe\u202egnp.exe';

const policy = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries((headers['content-security-policy'] ?? '').split('; ').map((part) => part.split(/ (.*)/s)));

async function everyPage(rig: Rig) {
  const url = (change: Form) => authorizationUrl(rig, change);
  const device = await post(rig, 'https://oauth2.googleapis.com/device/code', {
    client_id: rig.app.clients.tv?.clientId,
    scope: 'openid',
  });
  const { user_code } = JSON.parse(device.body);
  return {
    consent: await get(rig, url({ state: hostile })),
    chooser: await get(rig, url({ prompt: 'select_account', state: hostile })),
    error: await get(rig, url({ scope: hostile })),
    prompt: await get(rig, url({ prompt: `login${hostile}` })),
    deviceCode: await get(rig, `https://www.google.com/device?user_code=${encodeURIComponent(hostile)}`),
    deviceWrong: await post(rig, 'https://www.google.com/device', { user_code: hostile }),
    deviceConsent: await post(rig, 'https://www.google.com/device', { user_code }),
    deviceDone: await post(rig, 'https://www.google.com/device', {
      user_code,
      account: 'ada@example.com',
      answer: 'cancel',
    }),
  };
}

test('every page escapes what it is given, loads nothing, runs nothing, and says what it is', async () => {
  const rig = await createRig();
  const pages = await everyPage(rig);
  for (const [name, page] of Object.entries(pages)) {
    const { body, headers } = page;
    const markup = body.replaceAll(/"[^"]*"/g, '""');
    const active = /<(script|img|iframe|link|object)|<[^>]*\s(src|href|on\w+|style)=/i;
    expect([name, active.exec(markup)?.[0]]).toEqual([name, undefined]);
    expect(body).toContain('Sandbox: nothing here is real');
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    const { 'default-src': fallback, 'style-src': style, 'frame-ancestors': frames } = policy(headers);
    const sheet = /<style>(.*?)<\/style>/s.exec(body)?.[1] ?? '';
    const digest = createHash('sha256').update(sheet).digest('base64');
    expect([fallback, frames, style]).toEqual(["'none'", "'none'", `'sha256-${digest}'`]);
  }
  expect(pages.error.body).toContain('&quot;&gt;&lt;script&gt;');
});

test('marks that turn the direction of writing are made visible', async () => {
  const rig = await createRig();
  const page = await get(rig, authorizationUrl(rig, { scope: `openid ${bidi}` }));
  expect(page.body).toContain('safe\ufffdgnp.exe');
  expect(page.body).not.toContain('\u202e');
});

describe('form-action names where the decision leads: browsers hold redirects against it', () => {
  test.each([
    ['http://127.0.0.1:49152/callback', "'self' http://127.0.0.1:49152"],
    ['http://localhost:8080/', "'self' http://localhost:8080"],
    ['http://[::1]:8080/', "'self' http:"],
  ])('%s', async (redirect_uri, expected) => {
    const rig = await createRig();
    const { headers } = await get(rig, authorizationUrl(rig, { redirect_uri }));
    expect(policy(headers)['form-action']).toBe(expected);
  });

  test('a page that leads nowhere names itself only', async () => {
    const { headers } = await get(await createRig(), 'https://www.google.com/device');
    expect(policy(headers)['form-action']).toBe("'self'");
  });
});

test('forms of the real addresses lead to the real addresses', async () => {
  const rig = await createRig();
  const { body } = await get(rig, authorizationUrl(rig));
  expect(body).toContain('action="https://accounts.google.com/signin/oauth/consent"');
});

test('templates put text in as text, and markup in as markup', () => {
  const inner = html`<b>${'<i>'}</b>`;
  expect(html`<p title="${'"'}">${inner}${undefined}${[inner, inner]}${3}</p>`.html).toBe(
    '<p title="&quot;"><b>&lt;i&gt;</b><b>&lt;i&gt;</b>\n<b>&lt;i&gt;</b>3</p>',
  );
});
