// The token itself over a loopback redirect (RFC 6749 §4.2): it comes in the fragment, which no browser sends, so a page of
// the listener's own hands it over.
import type { FlowPorts } from '../ports.ts';
import { runAtLoopback } from './at-loopback.ts';
import type { Complete, LoopbackRedirect, RedirectRequest } from './request.ts';

export function runFragment<T>(
  request: RedirectRequest<LoopbackRedirect>,
  ports: FlowPorts,
  complete: Complete<T>,
): Promise<T> {
  return runAtLoopback('fragment', request, ports, complete);
}
