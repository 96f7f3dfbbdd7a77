// The question to the provider whose a grant from a plain file is, and whether its access token works.
import { roleNamed } from '../../model/token-roles.ts';
import { type ProbeAnswer, probeGrant } from '../../oauth/probe.ts';
import { heldOf } from '../held-of.ts';
import { oauthPorts } from '../peer.ts';
import { primaryRoleOf } from '../role-tokens.ts';
import type { Workspace } from '../workspace.ts';
import type { Adoption } from './adopt-foreign.ts';

/**
 * Where the file tells no scopes, or some that allow no question, the provider is asked all the same: the token may be another
 * service's. Only a provider without any question leaves `nothing_to_ask`, and one that misses a scope.
 */
export async function askWhose(
  workspace: Workspace,
  { peer, grant, tokens }: Pick<Adoption, 'peer' | 'grant' | 'tokens'>,
): Promise<ProbeAnswer> {
  const { provider } = peer;
  const id = primaryRoleOf(tokens);
  const asking = (granted: readonly string[]) =>
    probeGrant(peer, heldOf({ scopes: { asked: [], granted, missing: [] } }, tokens, id), oauthPorts(workspace));
  const answer = await asking(grant.scopes ?? []);
  if (answer.kind !== 'nothing_to_ask') return answer;
  const prefix = roleNamed(provider, id)?.scopePrefix ?? '';
  const second = await asking(
    provider.probes.flatMap(({ needsAnyScope }) => needsAnyScope.map((scope) => `${prefix}${scope}`)),
  );
  return second.kind === 'refused' && second.means === 'scope_missing' ? answer : second;
}
