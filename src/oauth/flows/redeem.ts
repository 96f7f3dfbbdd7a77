// From what arrived at the door to the grant: a code is exchanged, a token is one already.
import { onlyRole } from '../../model/connection.ts';
import type { Secret } from '../../model/secret.ts';
import { rolesOf } from '../../model/token-roles.ts';
import type { Attempt } from '../attempt.ts';
import { exchangeCode } from '../exchange.ts';
import type { Grant } from '../grant.ts';
import type { Peer } from '../peer.ts';
import type { FlowPorts } from '../ports.ts';
import type { Arrival } from './door.ts';
import type { Complete, Completed } from './request.ts';

/** As one with the save: a cut in between leaves a grant that nobody holds. Throws what the provider answered instead. */
export async function redeem<T>(
  peer: Peer,
  ports: FlowPorts,
  { attempt, arrival, humanMs }: { readonly attempt: Attempt; readonly arrival: Arrival; readonly humanMs: number },
  complete: Complete<T>,
): Promise<Completed<T>> {
  if (arrival.kind === 'ended') throw arrival.error;
  return ports.guarded(async () => {
    const grant =
      arrival.kind === 'token'
        ? grantOfToken(peer, attempt, arrival.token)
        : await exchangeCode(peer, attempt, arrival.code, ports, ports.interrupted);
    return complete(grant, { humanMs });
  });
}

/** Nothing beside the token says what it may do, whose it is or when it ends: it is as asked, and a probe tells the rest. */
function grantOfToken({ provider }: Peer, { scopes }: Attempt, token: Secret): Grant {
  const tokens = { access: token, tokenType: 'Bearer', expiresAt: null, issuedSeconds: null, refresh: null };
  const role = rolesOf(provider)[0]?.id ?? onlyRole;
  return {
    tokens: { roles: { [role]: tokens }, idToken: null },
    granted: scopes,
    account: { id: null, name: null },
    refreshIssuedSeconds: null,
  };
}
