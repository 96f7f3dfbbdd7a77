// The loopback site of one attempt: hands the answer to the door, keeps it out of the address bar, and says how it ended.
import type { ListenRequest, ListenResponse, Random } from '../../model/ports.ts';
import { randomText } from '../attempt.ts';
import { parseCallback } from '../callback.ts';
import { type Page, pageHeaders, renderPage } from '../callback-page.ts';
import { renderFragmentPage } from '../fragment-page.ts';
import { createDeferred, type Deferred } from './deferred.ts';
import type { Door } from './door.ts';
import { readHandedOver } from './handed-over.ts';

/** Where the answer comes to. */
interface CallbackPlace {
  readonly origin: string;
  readonly path: string;
  /** A fragment never leaves the browser by itself: a page there hands it over. */
  readonly answerIn: 'query' | 'fragment';
}

export interface CallbackSite {
  readonly handle: (request: ListenRequest) => Promise<ListenResponse>;
  /** Tells the browser how it ended. */
  readonly show: (page: Page) => void;
  /** Whether a browser has been sent to the page that says how it ended. */
  readonly isWatched: () => boolean;
  /** That page has left for the browser. */
  readonly seen: Promise<void>;
}

interface Site extends CallbackPlace {
  readonly resultPath: string;
  readonly door: Door;
  readonly random: Random;
  readonly shown: Deferred<Page>;
  readonly seen: Deferred<void>;
  watched: boolean;
}

export function createCallbackSite(place: CallbackPlace, door: Door, random: Random): CallbackSite {
  const site: Site = {
    ...place,
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

async function answer(site: Site, request: ListenRequest): Promise<ListenResponse> {
  const { method, target, headers } = request;
  const host = site.origin.slice('http://'.length);
  // A page elsewhere may point a name of its own at this address (DNS rebinding); it cannot forge this header.
  if (headers.host?.toLowerCase() !== host) {
    return say(site, 403, 'Wrong address', `This page answers at ${host} only.`);
  }
  const [path = '', ...query] = target.split('?');
  const isCallback = path === site.path;
  const allowed = ['GET', 'HEAD', ...(isCallback && site.answerIn === 'fragment' ? ['POST'] : [])];
  if (!allowed.includes(method)) {
    const page = say(site, 405, 'Not like this', 'This address takes no other request.');
    return { ...page, headers: { ...page.headers, allow: allowed.join(', ') } };
  }
  if (path === '/favicon.ico') return bare(site, 204);
  // Byte for byte: a neighbour's path is another provider's answer (RFC 9700 §4.4.2.2).
  if (!isCallback && path !== site.resultPath)
    return say(site, 404, 'Nothing here', 'This address waits for the end of a sign-in, and has no other page.');
  if (method === 'HEAD') return bare(site, 200);
  if (!isCallback) return answerResult(site);
  if (method === 'POST') return answerHandedOver(site, request);
  return site.answerIn === 'fragment' ? renderFragmentPage(freshNonce(site)) : answerCallback(site, query.join('?'));
}

function answerCallback(site: Site, query: string): ListenResponse {
  const why = takeAt(site, query);
  return why === null
    ? bare(site, 303, { location: site.resultPath })
    : say(site, 400, 'Not the answer that is waited for', why);
}

/** To the page's script, which cannot follow a 303 into the tab: where to go, or what to say. */
function answerHandedOver(site: Site, request: ListenRequest): ListenResponse {
  const handed = readHandedOver(request, site.origin);
  if (!handed.ok) return plain(site, handed.status, handed.why);
  const why = takeAt(site, handed.fragment);
  return why === null ? plain(site, 200, site.resultPath) : plain(site, 400, why);
}

/** Why it is not the answer that is waited for; null when it is. */
function takeAt(site: Site, parameters: string): string | null {
  const result = site.door.take(parseCallback(parameters, site.path));
  if (!result.taken) return `Nothing was changed: ${result.why}. The sign-in in the other tab goes on.`;
  site.watched = true;
  return null;
}

async function answerResult(site: Site): Promise<ListenResponse> {
  const page = renderPage(await site.shown.promise, freshNonce(site));
  return { ...page, sent: () => site.seen.resolve() };
}

function say(site: Site, status: number, title: string, line: string): ListenResponse {
  return renderPage({ tone: 'bad', status, title, lines: [line] }, freshNonce(site));
}

function plain(site: Site, status: number, body: string): ListenResponse {
  return { ...bare(site, status, { 'content-type': 'text/plain; charset=utf-8' }), body };
}

function bare(site: Site, status: number, headers: Readonly<Record<string, string>> = {}): ListenResponse {
  return { status, headers: { ...pageHeaders(freshNonce(site)), ...headers }, body: '' };
}

function freshNonce({ random }: Site): string {
  return randomText(random, 16);
}
