// Freshen for every token of a grant: what they came to is told as one.
import { readConnection } from './find.ts';
import { type FreshenOptions, type FreshenOutcome, freshen } from './freshen.ts';
import type { Workspace } from './workspace.ts';

/** From bad to good. */
const order: readonly FreshenOutcome['kind'][] = ['rejected', 'uncertain', 'unreachable', 'refreshed', 'fresh'];

/** The worst of the outcomes, after every token had its turn. Throws what `freshen` throws. */
export async function freshenAll(
  workspace: Workspace,
  name: string,
  options: Omit<FreshenOptions, 'role'>,
): Promise<FreshenOutcome> {
  const roles = (await readConnection(workspace, name))?.connection.roles ?? [];
  let worst = await freshen(workspace, name, { ...options, role: roles[0] });
  for (const role of roles.slice(1)) {
    const outcome = await freshen(workspace, name, { ...options, role });
    if (order.indexOf(outcome.kind) < order.indexOf(worst.kind)) worst = outcome;
  }
  return worst;
}
