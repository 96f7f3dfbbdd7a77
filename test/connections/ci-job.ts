// A CI job that holds one connection whose access token has ended.
import { readConnection } from '../../src/connections/find.ts';
import type { Workspace } from '../../src/connections/workspace.ts';
import type { Connection } from '../../src/model/connection.ts';
import { createRig, plantConnection } from './rig.ts';

export const once = { minValidSeconds: 60, force: false, explicit: false };
export const asked = { minValidSeconds: 60, force: true, explicit: true };
export const file = '/cache/acme.json';

export interface JobOptions extends Partial<Connection> {
  readonly env?: Record<string, string>;
  readonly writeBack?: string;
}

export async function startJob({ env = { CI: 'true' }, writeBack, ...changes }: JobOptions = {}) {
  const rig = createRig();
  const planting = await rig.process();
  await plantConnection(planting.workspace, changes);
  Object.assign(rig.world.env, env);
  const process = () => rig.process(writeBack === undefined ? {} : { writeBack });
  const { workspace, world } = await process();
  return { rig, workspace, world, server: rig.server, files: world.files, process };
}

export const recordOf = async (workspace: Workspace) => (await readConnection(workspace, 'acme'))?.record;

/** What was written back, for a look inside. */
export const bundleIn = (text: string | undefined) => JSON.parse(text ?? '{}');
