// The page that waits where a token comes in the fragment: its one script takes it out of the address bar and hands it to
// the listener that served the page, and nobody else can be reached from it.
import { pageHeaders, type RenderedPage, renderDocument } from './callback-page.ts';

/** `nonce`: fresh for every answer; lets in the page's style and script. */
export function renderFragmentPage(nonce: string): RenderedPage {
  const inner = `<p id="says"></p>
      <noscript>
        <p>This page needs JavaScript, which is off. Copy the whole address of this page, and paste it in the terminal where oauthctl waits; or turn JavaScript on and load the page again.</p>
      </noscript>`;
  const document = {
    tone: 'wait',
    title: 'Almost done',
    inner,
    last: `<script nonce="${nonce}">${script}</script>`,
  } as const;
  return {
    status: 200,
    headers: { ...pageHeaders(nonce, true), 'content-type': 'text/html; charset=utf-8' },
    body: renderDocument(document, nonce),
  };
}

// The referrer policy is what makes a browser send `Origin` with it (Fetch §3.2, "append a request Origin header"); the
// referrer goes to this listener only. An answer may come in the query too: see pasted.ts.
const script = `
const answer = location.hash.slice(1) || location.search.slice(1);
history.replaceState(null, '', location.pathname);
const say = (text) => { document.getElementById('says').textContent = text; };
say('Handing the answer to oauthctl.');
fetch(location.pathname, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(answer),
  mode: 'same-origin',
  credentials: 'omit',
  cache: 'no-store',
  redirect: 'error',
  referrerPolicy: 'same-origin',
}).then(async (response) => {
  const text = await response.text();
  if (response.ok) location.replace(text); else say(text);
}).catch(() => say('oauthctl does not wait any more. The terminal says what to do next.'));
`;
