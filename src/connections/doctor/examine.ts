// Whether this machine and this tree are fit: every look in turn, none of which asks the network.
import { CliError } from '../../errors.ts';
import type { Workspace } from '../workspace.ts';
import { type Check, type Finding, failed } from './check.ts';
import { folders } from './folders.ts';
import { leftovers } from './leftovers.ts';
import { records } from './records.ts';
import { sealKey } from './seal-key.ts';
import { signIn } from './sign-in.ts';

export type Examined = Finding & { readonly check: string };

const checks: readonly Check[] = [folders, sealKey, records, leftovers, signIn];

export async function examine(workspace: Workspace, repair: boolean): Promise<readonly Examined[]> {
  const found: Examined[] = [];
  for (const check of checks) {
    const findings = await look(workspace, check, repair);
    found.push(...findings.map((finding) => ({ check: check.id, ...finding })));
  }
  return found;
}

async function look(workspace: Workspace, check: Check, repair: boolean): Promise<readonly Finding[]> {
  try {
    const repaired = repair ? ((await check.repair?.(workspace)) ?? []) : [];
    return [...repaired, ...(await check.look(workspace))];
  } catch (error) {
    if (!(error instanceof CliError) || error.code === 'cancelled') throw error;
    return [failed(error.message, error.hint)];
  }
}
