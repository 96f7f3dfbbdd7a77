// This machine's clock against the servers' (RFC 9110 §6.6.1, Date): told once a command when they are a minute or more apart.
import { describeSeconds } from '../model/instants.ts';
import type { Clock, Fetch, WireRequest, WireResponse } from '../model/ports.ts';

/** Date is in whole seconds, and clocks are never quite together. */
const toleratedMs = 60_000;

/** `fetch` as it is, watched: asked for when it is first used, since most commands need none. */
export function watchSkew(fetch: () => Fetch, clock: Clock, warn: (message: string) => void): Fetch {
  let told = false;
  const watched = async (request: WireRequest): Promise<WireResponse> => {
    const sentAt = clock.now();
    const response = await fetch()(request);
    const { host, protocol } = new URL(request.url);
    // Plain http is this machine itself.
    const skewMs = told || protocol !== 'https:' ? 0 : skewIn(response, sentAt, clock.now());
    if (Math.abs(skewMs) >= toleratedMs) {
      told = true;
      const by = describeSeconds(Math.abs(skewMs) / 1000);
      warn(
        `this machine's clock is ${by} ${skewMs > 0 ? 'ahead of' : 'behind'} ${host}: set it, or times that are shown are wrong, and tokens may be taken for dead, or for alive`,
      );
    }
    return response;
  };
  return Object.assign(watched, { check: async () => fetch().check?.() });
}

/** How far ours is ahead for certain, milliseconds: the answer was made at some time while it was waited for. */
function skewIn({ headers }: WireResponse, sentAt: number, cameAt: number): number {
  const serverAt = Date.parse(headers.date ?? '');
  // What a cache kept is as old as it says (RFC 9111 §5.1).
  if (Number.isNaN(serverAt) || headers.age !== undefined) return 0;
  return serverAt < sentAt ? sentAt - serverAt : Math.min(0, cameAt - serverAt);
}
