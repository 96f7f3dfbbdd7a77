// Any sign-in whose end the browser brings to this machine: the listener opens before the browser, and closes as soon as
// the browser has been told how it ended.
import { CliError } from '../../errors.ts';
import type { Listening, ListenRequest, ListenResponse } from '../../model/ports.ts';
import type { Provider } from '../../model/provider.ts';
import { type Attempt, createAttempt, pathOf } from '../attempt.ts';
import type { Page } from '../callback-page.ts';
import type { Peer } from '../peer.ts';
import type { FlowPorts } from '../ports.ts';
import { type CallbackSite, createCallbackSite } from './callback-site.ts';
import { createDoor } from './door.ts';
import { redeem } from './redeem.ts';
import type { Complete, LoopbackRedirect, RedirectRequest } from './request.ts';
import { type Returned, sendPerson } from './send-person.ts';

/** How long a browser may take to fetch the page that says how it ended. */
const lastPageMs = 3_000;

const pasting = 'Waiting for the browser. The address at the end may also be pasted here.';

/** `answerIn`: the part of the address that carries the answer. */
export async function runAtLoopback<T>(
  answerIn: 'query' | 'fragment',
  request: RedirectRequest<LoopbackRedirect>,
  ports: FlowPorts,
  complete: Complete<T>,
): Promise<T> {
  const { peer, redirect } = request;
  const entrance = createEntrance();
  const listening = await listen(peer.provider, redirect, ports, entrance.handle);
  try {
    const attempt = createAttempt(request, uriAt(redirect, listening.port), ports.random);
    const door = createDoor(attempt, peer.provider);
    const place = { origin: originAt(redirect, listening.port), path: pathOf(attempt), answerIn };
    const site = createCallbackSite(place, door, ports.random);
    entrance.open(site.handle);
    const announce = () => (ports.prompter.interactive ? ports.say(pasting) : undefined);
    const returned = await sendPerson(request, ports, attempt, door, announce);
    return await finish(peer, ports, { ...returned, attempt, site }, complete);
  } finally {
    await listening.close();
  }
}

function originAt({ host }: Pick<LoopbackRedirect, 'host'>, port: number): string {
  return `http://${host === '::1' ? '[::1]' : host}:${port}`;
}

export function uriAt(redirect: Pick<LoopbackRedirect, 'host' | 'path'>, port: number): string {
  return originAt(redirect, port) + redirect.path;
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
  provider: Provider,
  redirect: LoopbackRedirect,
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
  throw noPort(provider, redirect, redirect.ports);
}

function noPort({ name, id, redirect: rule }: Provider, redirect: LoopbackRedirect, taken: readonly number[]) {
  const byOrigin = rule.register === 'origin';
  const wanted = taken.map((port) => (byOrigin ? originAt(redirect, port) : uriAt(redirect, port))).join(', ');
  const message = `${taken.length === 1 ? 'the port' : 'every port'} that ${name} may send the browser back to is in use (${wanted})`;
  const another = byOrigin ? 'allow an origin with another port for' : 'register a redirect URI with another port in';
  const retry = `oauthctl connect ${id} --port PORT`;
  return new CliError('port_unavailable', message, {
    hint: rule.register === 'none' ? retry : `${another} your app at ${name}, then ${retry}`,
  });
}

interface Finishing extends Returned {
  readonly attempt: Attempt;
  readonly site: CallbackSite;
}

async function finish<T>(
  peer: Peer,
  ports: FlowPorts,
  { site, ...returned }: Finishing,
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
    const { value, page } = await redeem(peer, ports, returned, complete);
    await end({ ...page, tone: 'good', status: 200 });
    return value;
  } catch (error) {
    const why = error instanceof CliError ? error.message : 'something went wrong on this machine';
    const lines = [`${why.charAt(0).toUpperCase()}${why.slice(1)}.`, 'The terminal says what to do next.'];
    await end({ tone: 'bad', status: 400, title: `${peer.provider.name} is not connected`, lines });
    throw error;
  }
}
