// The person and the browser of a replay: where the provider sends them, and what they bring back.
import type { World } from '../support/world.ts';
import { type Case, text } from './fixture.ts';
import { fill } from './read-fixture.ts';
import type { ReplayWire } from './replay-wire.ts';

export interface Seen {
  readonly told: string[];
  readonly warned: string[];
  readonly interrupt: AbortController;
  strayStatus?: number;
}

/** Visits `url`, the authorization request, and comes back with what the case is given. */
export async function browseAs(world: World, wire: ReplayWire, entry: Case, seen: Seen, url: string): Promise<void> {
  remember(wire, entry, url);
  const { given, operation } = entry;
  if (operation === 'authorize') wire.browse(url);
  if (given.callback === null) return;
  const said = operation === 'authorize' ? 'error=access_denied&state={state}' : text(entry, 'callback');
  const answer = fill(given.fragment ?? given.callback ?? said, wire.attempt);
  const { redirect_uri: redirect } = wire.attempt;
  if (given.printed) return world.paste(fill(given.pasted ?? '', wire.attempt));
  if (redirect === undefined) return;
  const address = `${redirect}${given.flow === 'fragment' ? '#' : '?'}${answer}`;
  if (given.flow === 'paste' || !address.startsWith('http:')) return world.paste(given.pasted ?? address);
  await (given.flow === 'fragment' ? handOver(world, seen, address) : comeBack(world, seen, address));
}

/** Placeholders of the attempt. What the redirect URI is called is the case's affair; where it leads to tells it. */
function remember(wire: ReplayWire, { given }: Case, url: string): void {
  const asked = new URL(url).searchParams;
  for (const name of ['state', 'redirect_uri', 'nonce', 'code_challenge']) {
    const value = asked.get(name);
    if (value !== null) wire.attempt[name] = value;
  }
  const isRedirect = (value: string) =>
    value === given.redirectUri || /^http:\/\/(localhost|127\.0\.0\.1)\b/.test(value);
  const redirect = [...asked.values()].find(isRedirect);
  if (redirect !== undefined) wire.attempt.redirect_uri ??= redirect;
}

async function comeBack(world: World, seen: Seen, address: string): Promise<void> {
  const answer = await world.visit(address);
  seen.strayStatus = answer.status;
  const { location } = answer.headers;
  if (location !== undefined) await world.visit(new URL(location, address).href);
}

/** As the page at the redirect URI does it: what stands after "#" is posted to the page's own address. */
async function handOver(world: World, seen: Seen, address: string): Promise<void> {
  const [page = '', fragment = ''] = address.split('#');
  await world.visit(page);
  const headers = { origin: new URL(page).origin, 'content-type': 'application/json' };
  const answer = await world.visit(page, headers, 'POST', JSON.stringify(fragment));
  seen.strayStatus = answer.status;
  if (answer.status === 200) await world.visit(new URL(answer.body, page).href);
}
