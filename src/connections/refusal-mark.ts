// What is remembered of a refusal: by which token, what it means, and what speaks for its cause.
import type { RefusalMark } from '../model/connection.ts';
import type { Peer } from '../oauth/peer.ts';
import type { RefreshAnswer } from '../oauth/refresh.ts';
import { losesNothing } from './lifetimes.ts';
import { markOf } from './marks.ts';
import type { Marked } from './spend.ts';
import { usedElsewhere } from './used-elsewhere.ts';
import type { Workspace } from './workspace.ts';

export async function refusalMark(
  workspace: Workspace,
  peer: Peer,
  marked: Marked,
  { means, error, explained }: Extract<RefreshAnswer, { kind: 'refused' }>,
): Promise<RefusalMark> {
  const { connection, role, fingerprint } = marked;
  const before = markOf(connection.refused, role);
  const again = before?.fingerprint === fingerprint && before.means === means;
  const cutNow = markOf(connection.spending, role) ?? (again ? before.cut : undefined);
  const cut = losesNothing(peer.provider) ? undefined : cutNow;
  return {
    role,
    fingerprint,
    means,
    error,
    explained,
    cut: cut ? { at: cut.at, by: cut.by } : null,
    elsewhere: explained || cut ? null : await usedElsewhere(workspace, peer, marked, means),
    at: workspace.system.clock.now(),
    count: again ? before.count + 1 : 1,
  };
}
