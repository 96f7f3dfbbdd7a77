// Two machines that share nothing but the network: a laptop with the connection `acme`, and a desktop with a key of its own.
import { workingToken } from '../../src/connections/access-token.ts';
import { type ExportReport, exportConnections } from '../../src/connections/moving/export-connections.ts';
import { type ImportRequest, importConnections } from '../../src/connections/moving/import-connections.ts';
import { openIncoming, readIncoming } from '../../src/connections/moving/read-export.ts';
import type { Workspace } from '../../src/connections/workspace.ts';
import { openContext, plainFlags } from '../../src/context.ts';
import type { ImportResult } from '../../src/model/moving.ts';
import { typedAgain } from '../../src/model/typed-again.ts';
import { newRecipient, readPublicKey } from '../../src/stores/recipient-key.ts';
import { createSpeaker } from '../../src/ui/speaker.ts';
import { createWorld, type World } from '../support/world.ts';
import { createRig, plantConnection, type Rig } from './rig.ts';

export const home = '/home/ann/work';

export interface Machine {
  readonly world: World;
  readonly workspace: Workspace;
}

export interface TwoMachines {
  readonly rig: Rig;
  readonly laptop: Machine;
  readonly desktop: Machine;
  /** Another process on the desktop. */
  again(): Promise<Machine>;
}

export async function twoMachines(): Promise<TwoMachines> {
  const rig = createRig();
  const laptop = await rig.process();
  const world = createWorld({
    env: { OAUTHCTL_KEY: Buffer.alloc(32, 9).toString('base64') },
    fetch: (request) => rig.world.system.fetch(request),
  });
  for (const { files } of [rig.world, world]) files.set(`${home}/.keep`, '');
  const again = () => openMachine(world.another());
  return { rig, laptop, desktop: await again(), again };
}

async function openMachine(world: World): Promise<Machine> {
  const flags = {
    ...plainFlags(world.system.env),
    configDir: '/config',
    dataDir: '/data',
    stateDir: '/state',
    verbose: true,
  };
  const speaker = createSpeaker(world.system.streams, world.system.env, flags);
  const { context } = await openContext({
    flags,
    system: world.system,
    speaker,
    version: 'test',
    show: async () => {},
  });
  return { world, workspace: await context.workspace() };
}

/** A key pair, its private half at `id.key` of both machines; which is quicker than a passphrase. */
export async function recipientOf({ laptop, desktop }: TwoMachines) {
  const { publicKey, privateKey } = await newRecipient();
  for (const { world } of [laptop, desktop]) world.files.set(`${home}/id.key`, privateKey);
  return readPublicKey(publicKey);
}

export async function exportTo(
  machine: Machine,
  recipient: Awaited<ReturnType<typeof readPublicKey>>,
  more: { readonly move?: boolean; readonly names?: readonly string[]; readonly force?: boolean } = {},
): Promise<ExportReport> {
  const { names = ['acme'], move = false, force = false } = more;
  return exportConnections(machine.workspace, { names, recipient, file: `${home}/acme.jwe`, force, move });
}

/** As a person carries it on a stick. */
export function carry({ rig, desktop }: TwoMachines): string {
  const text = rig.world.files.get(`${home}/acme.jwe`) ?? '';
  desktop.world.files.set(`${home}/acme.jwe`, text);
  return text;
}

export async function importAt(
  { workspace }: Machine,
  more: Partial<Omit<ImportRequest, 'payload'>> = {},
): Promise<readonly ImportResult[]> {
  const payload = await openIncoming(workspace, await readIncoming(workspace, 'acme.jwe'), 'acme.jwe', {
    identity: 'id.key',
    passphraseFile: undefined,
  });
  const again = typedAgain('oauthctl import', ['acme.jwe'], {});
  const plain = { again, force: false, offline: false, dryRun: false };
  return importConnections(workspace, { payload, ...plain, ...more });
}

export const tokenOf = async ({ workspace }: Machine) =>
  (await workingToken(workspace, 'acme', { minValidSeconds: 60 })).accessToken.reveal();

export const alive = { accessToken: { expiresAt: Date.parse('2026-11-25T11:00:00Z'), refreshable: true } };

// A module that is loaded for the first time looks like idleness to the fake clock, which then jumps.
export async function loadAll(): Promise<void> {
  const both = await twoMachines();
  const recipient = await recipientOf(both);
  await both.rig.world.hold(async () => {
    await plantConnection(both.laptop.workspace);
    await exportTo(both.laptop, recipient);
  });
  carry(both);
  await both.desktop.world.hold(async () => {
    await importAt(both.desktop);
    await tokenOf(both.desktop);
  });
}
