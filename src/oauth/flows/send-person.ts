// Sending the person to the provider, and waiting for the answer at the door: by the loopback site, or pasted here.
import { CliError } from '../../errors.ts';
import { type Attempt, authorizationUrl } from '../attempt.ts';
import type { FlowPorts } from '../ports.ts';
import { createDeferred } from './deferred.ts';
import type { Arrival, Door } from './door.ts';
import { nobodyCame } from './nobody-came.ts';
import { pasteWords, readPasted } from './pasted.ts';
import type { RedirectRequest } from './request.ts';
import { waitForPerson } from './wait-for-person.ts';

export interface Returned {
  readonly arrival: Arrival;
  readonly humanMs: number;
}

/** `announce` says how to go on, once the address to visit is printed. */
export async function sendPerson(
  request: RedirectRequest,
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
  const late = () => nobodyCame(request, attempt, door.lastStray());
  const { again } = pasteWords(attempt, name);
  const stuck = createDeferred<never>();
  const ended = Promise.race([door.arrived, stuck.promise]);
  const arrival = await waitForPerson({ clock, seconds, interrupted, late }, ended, (over) => {
    if (openBrowser)
      void open(ports, url, (page) => stuck.reject(nobodyCame(request, attempt, door.lastStray(), page)));
    return takePasted(ports, (line) => door.take(readPasted(line, attempt)), again, over);
  });
  return { arrival, humanMs: clock.now() - shownAt };
}

/** `stays`: told what the page says that the browser would never leave. */
async function open({ userAgent, tell }: FlowPorts, url: string, stays: (page: string) => void): Promise<void> {
  const outcome = await userAgent.open(url).catch((error: unknown) => error);
  if (outcome instanceof CliError && outcome.code === 'provider_refused') stays(outcome.message);
  else if (outcome !== true) tell('No browser could be opened here: visit the address above in one.');
}

/** The same attempt, the same state, the same door. */
async function takePasted(
  { prompter, tell }: FlowPorts,
  take: (line: string) => ReturnType<Door['take']>,
  again: string,
  over: AbortSignal,
): Promise<void> {
  if (!prompter.interactive) return;
  while (!over.aborted) {
    const line = await prompter.pastedLine(over);
    if (line === undefined) return;
    if (line.trim() === '') continue;
    const result = take(line);
    if (result.taken) return;
    tell(`That is not the end of this sign-in: ${result.why}. ${again}`);
  }
}
