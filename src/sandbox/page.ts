// The frame of every page for the browser: no script, nothing from elsewhere, and a label that says what this is.
import type { Reply } from './call.ts';
import { type Html, html } from './html.ts';
import { pageStyle, pageStyleSource } from './page-style.ts';

export interface PageContent {
  readonly title: string;
  readonly body: Html;
  readonly wide?: boolean;
  /** Where answering a form of this page may lead the browser, by redirect: Chromium holds that against form-action too. */
  readonly leadsTo?: string | undefined;
}

export function pageReply(status: number, content: PageContent): Reply {
  return { status, headers: pageHeaders(content.leadsTo), body: document(content), says: content.title };
}

function pageHeaders(leadsTo: string | undefined): Record<string, string> {
  const formAction = leadsTo === undefined ? "'self'" : `'self' ${formSource(leadsTo)}`;
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src ${pageStyleSource}; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

/** CSP Level 3 §2.3.1 has no way to write an IPv6 host; its scheme is the narrowest that covers it. */
function formSource(address: string): string {
  const { origin, hostname, protocol } = new URL(address);
  return hostname.startsWith('[') ? protocol : origin;
}

function document({ title, body, wide }: PageContent): string {
  const width = wide ? ' class="wide"' : '';
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Sandbox</title>
<style>${{ html: pageStyle }}</style>
</head>
<body>
<div class="note" role="note">Sandbox: nothing here is real</div>
<main${{ html: width }}>
${body}
</main>
</body>
</html>
`;
  return page.html;
}
