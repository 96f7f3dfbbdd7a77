// `--sandbox-consent auto`: nobody is there, so the sandbox consents, visits the listener as a browser would, and pastes
// what a person would have to paste.
import type { Fetch, Prompter, WireResponse } from '../model/ports.ts';
import { consentTo } from './approve.ts';
import type { Sandbox } from './sandbox.ts';

export interface AutoBrowser {
  /** As UserAgent.open; throws `provider_refused` when the browser would stay on a page that says no. */
  open(authorizationUrl: string): Promise<boolean>;
  /** As Prompter.pastedLine, on top of a real one. */
  pastedLine: Prompter['pastedLine'];
}

/** `fetch` reaches the loopback listeners; `pasted` is what a person types all the same. */
export function autoBrowser(
  sandbox: Pick<Sandbox, 'answer'>,
  fetch: Fetch,
  pasted: Prompter['pastedLine'],
): AutoBrowser {
  const hand = createHand();
  return {
    async open(authorizationUrl) {
      const outcome = await consentTo(sandbox, authorizationUrl);
      if (outcome.at === 'page') hand.give(outcome.copied);
      else if (new URL(outcome.address).protocol !== 'http:') hand.give(outcome.address);
      // Not awaited: the listener answers only when the flow that waits for this call has gone on.
      else visit(outcome.address, fetch).catch(() => hand.give(outcome.address));
      return true;
    },
    pastedLine: (signal) => Promise.race([hand.take(), pasted(signal)]),
  };
}

/** Follows redirects, and does what the script of a page does that waits for a fragment. */
async function visit(address: string, fetch: Fetch): Promise<void> {
  const url = new URL(address);
  const fragment = url.hash.slice(1);
  url.hash = '';
  const answer = await fetch({ method: 'GET', url: url.href, headers: {}, timeoutMs });
  const next =
    fragment === '' || answer.status !== 200 ? answer.headers.location : await handOver(url, fragment, fetch);
  if (next !== undefined) await visit(new URL(next, url).href, fetch);
}

const timeoutMs = 30_000;

/** The page's script posts the fragment as a JSON text to its own path, and goes where the answer says. */
async function handOver(page: URL, fragment: string, fetch: Fetch): Promise<string | undefined> {
  const answer: WireResponse = await fetch({
    method: 'POST',
    url: `${page.origin}${page.pathname}`,
    headers: { 'content-type': 'application/json', origin: page.origin, 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify(fragment),
    timeoutMs,
  });
  return answer.status === 200 ? answer.body : undefined;
}

/** Holds one text until somebody asks for it. */
function createHand(): { give(text: string): void; take(): Promise<string> } {
  let held: string | undefined;
  let taker: ((text: string) => void) | undefined;
  return {
    give(text) {
      if (taker === undefined) held = text;
      else taker(text);
      taker = undefined;
    },
    take: () =>
      new Promise((resolve) => {
        if (held === undefined) taker = resolve;
        else resolve(held);
        held = undefined;
      }),
  };
}
