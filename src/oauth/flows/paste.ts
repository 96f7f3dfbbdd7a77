// A sign-in without a listener: the person signs in anywhere, and pastes at the terminal the final address, or the code or
// token that the provider's page shows.
import { CliError } from '../../errors.ts';
import type { Random } from '../../model/ports.ts';
import { createAttempt } from '../attempt.ts';
import type { FlowPorts } from '../ports.ts';
import { uriAt } from './at-loopback.ts';
import { createDoor } from './door.ts';
import { pasteWords } from './pasted.ts';
import { redeem } from './redeem.ts';
import type { Complete, Redirect, RedirectRequest } from './request.ts';
import { sendPerson } from './send-person.ts';

export type PasteRequest = RedirectRequest;

export async function runPaste<T>(request: PasteRequest, ports: FlowPorts, complete: Complete<T>): Promise<T> {
  const { peer, redirect } = request;
  if (!ports.prompter.interactive) throw needsTerminal(peer.provider.id);
  const printed = redirect.at === 'printed';
  const attempt = createAttempt(request, pasteUri(redirect, ports.random), ports.random, printed);
  const door = createDoor(attempt, peer.provider);
  const { ask } = pasteWords(attempt, peer.provider.name);
  const returned = await sendPerson(request, ports, attempt, door, () => ports.tell(ask));
  const { value } = await redeem(peer, ports, { ...returned, attempt }, complete);
  return value;
}

const firstFreePort = 49_152;
const freePorts = 16_384;

/**
 * Where nothing listens the port only has to be one that the provider accepts; where it accepts any, it is drawn, so that
 * no program on the person's other machine can wait there for codes.
 */
function pasteUri(redirect: Redirect, random: Random): string | null {
  if (redirect.at !== 'loopback') return redirect.uri;
  const [high = 0, low = 0] = random.bytes(2);
  const drawn = firstFreePort + ((high * 256 + low) % freePorts);
  return uriAt(redirect, redirect.ports === 'any' ? drawn : (redirect.ports[0] ?? drawn));
}

function needsTerminal(id: string): CliError {
  return new CliError('needs_terminal', 'what the sign-in ends with must be pasted, which takes a terminal', {
    hint: `oauthctl connect ${id} --paste`,
  });
}
