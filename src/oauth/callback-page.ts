// The page that the browser shows on loopback: plain HTML that needs no script, and headers that let nothing else in.
// Every text on it may be foreign, so every text is made harmless here.
import { plainText } from './foreign-text.ts';

/** What a finished sign-in says in the browser. */
export interface PageWords {
  readonly title: string;
  readonly lines: readonly string[];
}

export interface Page extends PageWords {
  readonly tone: 'good' | 'bad';
  readonly status: number;
}

export interface RenderedPage {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `nonce`: fresh for every answer; the one style of the page is let in by it. */
export function renderPage({ tone, status, title, lines }: Page, nonce: string): RenderedPage {
  const inner = lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n      ');
  const body = renderDocument(
    { tone, title, inner, last: '<footer>You can close this tab.<span>oauthctl</span></footer>' },
    nonce,
  );
  return { status, headers: { ...pageHeaders(nonce), 'content-type': 'text/html; charset=utf-8' }, body };
}

interface Document {
  readonly tone: keyof typeof marks;
  readonly title: string;
  /** HTML of our own. */
  readonly inner: string;
  readonly last: string;
}

export function renderDocument({ tone, title, inner, last }: Document, nonce: string): string {
  const heading = escapeHtml(title);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${heading} · oauthctl</title>
    <style nonce="${nonce}">${style}</style>
  </head>
  <body>
    <main class="${tone}">
      ${marks[tone]}
      <h1>${heading}</h1>
      ${inner}
      ${last}
    </main>
  </body>
</html>
`;
}

/**
 * The headers of every answer, page or not: nothing is kept, nothing is told to the next site, nothing is loaded.
 * `withScript`: the nonce lets a script in too, which reaches nobody but the site that it came from.
 */
export function pageHeaders(nonce: string, withScript = false): Readonly<Record<string, string>> {
  const script = withScript ? `script-src 'nonce-${nonce}'; connect-src 'self'; ` : '';
  return {
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; ${script}base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return plainText(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** The same ring in every mood; what is in it differs in shape, not in colour alone. */
const marks = {
  good: mark('<path d="M21 33l8 8 15-17"/>', 'Done'),
  bad: mark('<path d="M32 19v15M32 44v.01"/>', 'Not done'),
  wait: mark('<path d="M20 32v.01M32 32v.01M44 32v.01"/>', 'In progress'),
} as const;

function mark(inner: string, says: string): string {
  return `<svg viewBox="0 0 64 64" role="img" aria-label="${says}"><circle cx="32" cy="32" r="29"/>${inner}</svg>`;
}

const style = `
:root { color-scheme: light dark; --back: #f5f5f3; --card: #ffffff; --text: #1c1d1f; --soft: #63666b; --line: #e4e4e0; --good: #1a7f4b; --bad: #b3401c; }
@media (prefers-color-scheme: dark) {
  :root { --back: #131416; --card: #1c1e21; --text: #ececea; --soft: #9da1a7; --line: #2d3034; --good: #57c98b; --bad: #f0906a; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--back); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif; }
main { width: 100%; max-width: 28rem; padding: 2.75rem 2.5rem 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem;
  box-shadow: 0 1px 2px rgb(0 0 0 / 4%), 0 12px 32px rgb(0 0 0 / 6%); }
svg { display: block; width: 3rem; height: 3rem; margin-bottom: 1.5rem; fill: none; stroke: currentColor; stroke-width: 4; stroke-linecap: round; stroke-linejoin: round; }
.good svg { color: var(--good); }
.bad svg { color: var(--bad); }
h1 { margin: 0 0 .5rem; font-size: 1.375rem; line-height: 1.3; font-weight: 600; letter-spacing: -.01em; overflow-wrap: anywhere; text-wrap: balance; }
p { margin: 0 0 .5rem; color: var(--soft); overflow-wrap: anywhere; }
footer { display: flex; justify-content: space-between; gap: 1.5rem; margin-top: 2rem; padding-top: 1.25rem; border-top: 1px solid var(--line); font-size: .875rem; color: var(--soft); }
footer span { font-weight: 600; color: var(--text); }
`;
