// Authorization code over a loopback redirect (RFC 8252 §7.3): the listener opens before the browser, and closes as soon as
// the browser has been told how it ended.
import { CliError } from '../../errors.ts';
import type { Listening, ListenRequest, ListenResponse } from '../../model/ports.ts';
import { type Attempt, createAttempt } from '../attempt.ts';
import type { Page } from '../callback-page.ts';
import { exchangeCode } from '../exchange.ts';
import type { FlowPorts } from '../ports.ts';
import { type CallbackSite, createCallbackSite } from './callback-site.ts';
import { createDoor } from './door.ts';
import type { Complete, Redirect, RedirectRequest } from './request.ts';
import { type Returned, sendPerson } from './send-person.ts';

type LoopbackRedirect = Extract<Redirect, { readonly at: 'loopback' }>;
export type LoopbackRequest = RedirectRequest<LoopbackRedirect>;

/** How long a browser may take to fetch the page that says how it ended. */
const lastPageMs = 3_000;

const pasting = 'Waiting for the browser. The address at the end may also be pasted here.';

export async function runLoopback<T>(request: LoopbackRequest, ports: FlowPorts, complete: Complete<T>): Promise<T> {
  const entrance = createEntrance();
  const listening = await listen(request, ports, entrance.handle);
  try {
    const redirectUri = uriAt(request.redirect, listening.port);
    const attempt = createAttempt(request, redirectUri, ports.random);
    const door = createDoor(attempt, request.peer.provider);
    const site = createCallbackSite(attempt, door, ports.random);
    entrance.open(site.handle);
    const announce = () => (ports.prompter.interactive ? ports.say(pasting) : undefined);
    const returned = await sendPerson(request, ports, attempt, door, announce);
    return await finish(request, ports, { ...returned, attempt, site }, complete);
  } finally {
    await listening.close();
  }
}

export function uriAt({ host, path }: Pick<LoopbackRedirect, 'host' | 'path'>, port: number): string {
  return `http://${host === '::1' ? '[::1]' : host}:${port}${path}`;
}

/** The port, and with it the redirect URI, is known only once something listens. */
function createEntrance() {
  const closed = { status: 503, headers: {}, body: '' };
  let inside: ((request: ListenRequest) => Promise<ListenResponse>) | undefined;
  return {
    handle: async (request: ListenRequest) => inside?.(request) ?? closed,
    open: (handle: (request: ListenRequest) => Promise<ListenResponse>) => {
      inside = handle;
    },
  };
}

/** The first of the ports that is free. */
async function listen(
  { redirect, peer }: LoopbackRequest,
  ports: FlowPorts,
  handle: (request: ListenRequest) => Promise<ListenResponse>,
): Promise<Listening> {
  const { host } = redirect;
  if (redirect.ports === 'any') return ports.listen({ host, port: 0, handle });
  for (const port of redirect.ports) {
    try {
      return await ports.listen({ host, port, handle });
    } catch (error) {
      if (!(error instanceof CliError) || error.code !== 'port_unavailable') throw error;
    }
  }
  const { name, id, redirect: rule } = peer.provider;
  const wanted = redirect.ports.map((port) => uriAt(redirect, port)).join(', ');
  const message = `${redirect.ports.length === 1 ? 'the port' : 'every port'} that ${name} may send the browser back to is in use (${wanted})`;
  const register = `register a redirect URI with another port in your app at ${name}, then oauthctl connect ${id} --port PORT`;
  throw new CliError('port_unavailable', message, {
    hint: rule.register === 'none' ? `oauthctl connect ${id} --port PORT` : register,
  });
}

interface Finishing extends Returned {
  readonly attempt: Attempt;
  readonly site: CallbackSite;
}

async function finish<T>(
  { peer }: LoopbackRequest,
  ports: FlowPorts,
  { attempt, arrival, site, humanMs }: Finishing,
  complete: Complete<T>,
): Promise<T> {
  const end = async (page: Page) => {
    site.show(page);
    if (!site.isWatched()) return;
    const left = new AbortController();
    await Promise.race([site.seen, ports.clock.sleep(lastPageMs, left.signal)]);
    left.abort();
  };
  try {
    if (arrival.kind === 'ended') throw arrival.error;
    const { code } = arrival;
    const { value, page } = await ports.guarded(async () => {
      return complete(await exchangeCode(peer, attempt, code, ports, ports.interrupted), { humanMs });
    });
    await end({ ...page, tone: 'good', status: 200 });
    return value;
  } catch (error) {
    const why = error instanceof CliError ? error.message : 'something went wrong on this machine';
    const lines = [`${why.charAt(0).toUpperCase()}${why.slice(1)}.`, 'The terminal says what to do next.'];
    await end({ tone: 'bad', status: 400, title: `${peer.provider.name} is not connected`, lines });
    throw error;
  }
}
