// Authorization code over a loopback redirect (RFC 8252 §7.3).
import type { FlowPorts } from '../ports.ts';
import { runAtLoopback } from './at-loopback.ts';
import type { Complete, LoopbackRedirect, RedirectRequest } from './request.ts';

export type LoopbackRequest = RedirectRequest<LoopbackRedirect>;

export function runLoopback<T>(request: LoopbackRequest, ports: FlowPorts, complete: Complete<T>): Promise<T> {
  return runAtLoopback('query', request, ports, complete);
}
