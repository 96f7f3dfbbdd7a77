// The loopback site of one attempt: hands the answer to the door, keeps code and state out of the address bar, and says how
// it ended.
import type { ListenRequest, ListenResponse, Random } from '../../model/ports.ts';
import { type Attempt, randomText } from '../attempt.ts';
import { type Page, pageHeaders, renderPage } from '../callback-page.ts';
import { createDeferred, type Deferred } from './deferred.ts';
import type { Door } from './door.ts';

export interface CallbackSite {
  readonly handle: (request: ListenRequest) => Promise<ListenResponse>;
  /** Tells the browser how it ended. */
  readonly show: (page: Page) => void;
  /** Whether a browser has been sent to the page that says how it ended. */
  readonly isWatched: () => boolean;
  /** That page has left for the browser. */
  readonly seen: Promise<void>;
}

interface Site {
  readonly host: string;
  readonly callbackPath: string;
  readonly resultPath: string;
  readonly door: Door;
  readonly random: Random;
  readonly shown: Deferred<Page>;
  readonly seen: Deferred<void>;
  watched: boolean;
}

export function createCallbackSite(attempt: Attempt, door: Door, random: Random): CallbackSite {
  const site: Site = {
    host: new URL(attempt.redirectUri).host,
    // As it was sent to the provider; URL would rewrite it.
    callbackPath: attempt.redirectUri.replace(/^http:\/\/[^/]*/, '') || '/',
    resultPath: `/result/${randomText(random, 16)}`,
    door,
    random,
    shown: createDeferred(),
    seen: createDeferred(),
    watched: false,
  };
  return {
    handle: async (request) => {
      const response = await answer(site, request);
      return request.method === 'HEAD' ? { ...response, body: '' } : response;
    },
    show: (page) => site.shown.resolve(page),
    isWatched: () => site.watched,
    seen: site.seen.promise,
  };
}

async function answer(site: Site, { method, target, headers }: ListenRequest): Promise<ListenResponse> {
  // A page elsewhere may point a name of its own at this address (DNS rebinding); it cannot forge this header.
  if (headers.host?.toLowerCase() !== site.host) {
    return say(site, 403, 'Wrong address', `This page answers at ${site.host} only.`);
  }
  if (method !== 'GET' && method !== 'HEAD') {
    const page = say(site, 405, 'Only GET', 'This address takes no other request.');
    return { ...page, headers: { ...page.headers, allow: 'GET, HEAD' } };
  }
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  // Byte for byte: a neighbour's path is another provider's answer (RFC 9700 §4.4.2.2).
  const isOurs = path === site.callbackPath || path === site.resultPath;
  if (path === '/favicon.ico') return bare(site, 204);
  if (!isOurs)
    return say(site, 404, 'Nothing here', 'This address waits for the end of a sign-in, and has no other page.');
  if (method === 'HEAD') return bare(site, 200);
  return path === site.resultPath
    ? answerResult(site)
    : answerCallback(site, mark === -1 ? '' : target.slice(mark + 1));
}

function answerCallback(site: Site, query: string): ListenResponse {
  const result = site.door.take(query);
  if (!result.taken) {
    const line = `Nothing was changed: ${result.why}. The sign-in in the other tab goes on.`;
    return say(site, 400, 'Not the answer that is waited for', line);
  }
  site.watched = true;
  return bare(site, 303, { location: site.resultPath });
}

async function answerResult(site: Site): Promise<ListenResponse> {
  const page = renderPage(await site.shown.promise, freshNonce(site));
  return { ...page, sent: () => site.seen.resolve() };
}

function say(site: Site, status: number, title: string, line: string): ListenResponse {
  return renderPage({ tone: 'bad', status, title, lines: [line] }, freshNonce(site));
}

function bare(site: Site, status: number, headers: Readonly<Record<string, string>> = {}): ListenResponse {
  return { status, headers: { ...pageHeaders(freshNonce(site)), ...headers }, body: '' };
}

function freshNonce({ random }: Site): string {
  return randomText(random, 16);
}
