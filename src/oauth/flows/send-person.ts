// Sending the person to the provider, and waiting for the answer at the door: by the loopback site, or pasted here.
import { CliError } from '../../errors.ts';
import { describeSeconds } from '../../model/instants.ts';
import { type Attempt, authorizationUrl } from '../attempt.ts';
import type { FlowPorts } from '../ports.ts';
import { type Arrival, type Door, queryIn } from './door.ts';
import type { SignInRequest } from './request.ts';
import { waitForPerson } from './wait-for-person.ts';

export interface Returned {
  readonly arrival: Arrival;
  readonly humanMs: number;
}

/** `announce` says how to go on, once the address to visit is printed. */
export async function sendPerson(
  request: SignInRequest,
  ports: FlowPorts,
  attempt: Attempt,
  door: Door,
  announce: () => void,
): Promise<Returned> {
  const { clock, interrupted, tell, userAgent } = ports;
  const { peer, waitSeconds: seconds, openBrowser } = request;
  const url = await authorizationUrl(request, attempt);
  const name = peer.provider.name;
  // An opener may report success and open nothing, or never return: the address is always printed, and first.
  tell(openBrowser ? `Sign in to ${name} in your browser. If no page opens, visit:` : `To sign in to ${name}, visit:`);
  tell(await userAgent.address(url));
  announce();
  const shownAt = clock.now();
  const late = () => nobodyCame(request, attempt, door);
  const arrival = await waitForPerson({ clock, seconds, interrupted, late }, door.arrived, (over) => {
    if (openBrowser) void open(ports, url);
    return takePasted(ports, door, over);
  });
  return { arrival, humanMs: clock.now() - shownAt };
}

async function open({ userAgent, tell }: FlowPorts, url: string): Promise<void> {
  const isOpen = await userAgent.open(url).catch(() => false);
  if (!isOpen) tell('No browser could be opened here: visit the address above in one.');
}

/** The same attempt, the same state, the same door. */
async function takePasted({ prompter, tell }: FlowPorts, door: Door, over: AbortSignal): Promise<void> {
  if (!prompter.interactive) return;
  while (!over.aborted) {
    const line = await prompter.pastedLine(over);
    if (line === undefined) return;
    if (line.trim() === '') continue;
    const result = door.take(queryIn(line));
    if (result.taken) return;
    tell(`That is not the end of this sign-in: ${result.why}. Paste the whole address, with everything after the "?".`);
  }
}

/** Most failures are shown on the provider's own page and never come back: so the likeliest are named. */
function nobodyCame({ peer, waitSeconds }: SignInRequest, { redirectUri }: Attempt, door: Door): CliError {
  const { name, id, silentFailures } = peer.provider;
  const stray = door.lastStray();
  const causes = [
    `the redirect URI ${redirectUri} is not registered for this app at ${name}`,
    ...silentFailures,
    ...(stray === undefined ? [] : [`an answer came that could not be used: ${stray}`]),
  ];
  const list = causes.map((cause, index) => `(${index + 1}) ${cause}`).join('; ');
  const message = `nobody came back from ${name} within ${describeSeconds(waitSeconds)}; likely causes: ${list}`;
  return new CliError('timed_out', message, { hint: `oauthctl provider guide ${id}` });
}
