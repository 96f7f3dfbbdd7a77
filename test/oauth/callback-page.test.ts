// The page in the browser: nothing foreign gets in, nothing gets out, and it stands without script.
import { describe, expect, test } from 'vitest';
import { renderPage } from '../../src/oauth/callback-page.ts';

const words = { title: "Connected as 'acme'", lines: ['Acme: ann@example.com'] };
const good = renderPage({ tone: 'good', status: 200, ...words }, 'bm9uY2U');
const bad = renderPage({ tone: 'bad', status: 400, ...words }, 'bm9uY2U');

describe.each([
  ['good', good],
  ['bad', bad],
])('%s', (_, page) => {
  test('lets in its own style and nothing else', () => {
    const policy = page.headers['content-security-policy'];
    expect(policy?.split('; ').sort()).toEqual([
      "base-uri 'none'",
      "default-src 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "style-src 'nonce-bm9uY2U'",
    ]);
    expect(page.body.match(/<style nonce="bm9uY2U">/g)).toHaveLength(1);
    expect(page.body).not.toMatch(/<script|<link|<img|<iframe|<form|\son\w+=|style=|https?:|url\(|@import/i);
  });

  test('is kept nowhere and told to nobody', () => {
    expect(page.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'content-type': 'text/html; charset=utf-8',
    });
  });

  test('follows the light and dark of the system, and can be closed', () => {
    expect(page.body).toContain('prefers-color-scheme: dark');
    expect(page.body).toContain('You can close this tab.');
  });
});

test('success and failure differ in words, not in colour alone', () => {
  expect([good.status, bad.status]).toEqual([200, 400]);
  expect(good.body).toContain('aria-label="Done"');
  expect(bad.body).toContain('aria-label="Not done"');
});

test.each([
  ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  [`"><img src=x onerror='1'>`, '&quot;&gt;&lt;img src=x onerror=&#39;1&#39;&gt;'],
  ['a&amp;b', 'a&amp;amp;b'],
  ['\u202eevil\u2066 \u001b[31mred\u0000', 'evil [31mred'],
])('%j is shown as %s, in title and lines', (text, shown) => {
  const { body } = renderPage({ tone: 'bad', status: 400, title: text, lines: [text] }, 'n');
  expect(body).toContain(`<title>${shown} · oauthctl</title>`);
  expect(body).toContain(`<h1>${shown}</h1>`);
  expect(body).toContain(`<p>${shown}</p>`);
});
