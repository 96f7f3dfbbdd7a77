// Authorization code without a listener: the person signs in anywhere, and pastes the final address at the terminal.
import { CliError } from '../../errors.ts';
import type { Random } from '../../model/ports.ts';
import { createAttempt } from '../attempt.ts';
import { exchangeCode } from '../exchange.ts';
import type { FlowPorts } from '../ports.ts';
import { createDoor } from './door.ts';
import { uriAt } from './loopback.ts';
import type { Complete, Redirect, RedirectRequest } from './request.ts';
import { sendPerson } from './send-person.ts';

export type PasteRequest = RedirectRequest;

export async function runPaste<T>(request: PasteRequest, ports: FlowPorts, complete: Complete<T>): Promise<T> {
  const { peer, redirect } = request;
  if (!ports.prompter.interactive) throw needsTerminal(peer.provider.id);
  const attempt = createAttempt(request, pasteUri(redirect, ports.random), ports.random);
  const door = createDoor(attempt, peer.provider);
  const announce = () => ports.tell(whatToPaste(attempt.redirectUri));
  const { arrival, humanMs } = await sendPerson(request, ports, attempt, door, announce);
  if (arrival.kind === 'ended') throw arrival.error;
  const { code } = arrival;
  const { value } = await ports.guarded(async () => {
    return complete(await exchangeCode(peer, attempt, code, ports, ports.interrupted), { humanMs });
  });
  return value;
}

function whatToPaste(redirectUri: string): string {
  const start = redirectUri.replace(/[?#].*$/, '');
  return `At the end the browser goes to an address that begins with ${start} and may show nothing there. Copy the whole address and paste it here (it is not shown):`;
}

const firstFreePort = 49_152;
const freePorts = 16_384;

/**
 * Where nothing listens the port only has to be one that the provider accepts; where it accepts any, it is drawn, so that
 * no program on the person's other machine can wait there for codes.
 */
function pasteUri(redirect: Redirect, random: Random): string {
  if (redirect.at === 'own') return redirect.uri;
  const [high = 0, low = 0] = random.bytes(2);
  const drawn = firstFreePort + ((high * 256 + low) % freePorts);
  return uriAt(redirect, redirect.ports === 'any' ? drawn : (redirect.ports[0] ?? drawn));
}

function needsTerminal(id: string): CliError {
  return new CliError('needs_terminal', 'the address at the end of the sign-in must be pasted at a terminal', {
    hint: `run oauthctl connect ${id} --paste in a terminal`,
  });
}
