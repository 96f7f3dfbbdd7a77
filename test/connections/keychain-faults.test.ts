// Records in keychain items, and a keychain that fails at each of its calls in turn, under every verb that writes: no grant is
// lost, what is there reads on, nothing is stored elsewhere, and the words say what to do.
import { describe, expect, it } from 'vitest';
import { setApp } from '../../src/connections/apps.ts';
import { connect } from '../../src/connections/connect.ts';
import { forgetOnly } from '../../src/connections/forget.ts';
import { freshen, openConnection } from '../../src/connections/freshen.ts';
import { revokeConnection } from '../../src/connections/revoke.ts';
import { roleTokens } from '../../src/connections/role-tokens.ts';
import type { Workspace } from '../../src/connections/workspace.ts';
import { CliError } from '../../src/errors.ts';
import { agree, createRig, plantConnection, type Rig, signIn } from './rig.ts';
// Loaded before anything runs: a module on its way through the test runner looks like idleness to the fake clock.
import '../../src/audit/create-trail.ts';
import '../../src/connections/provider-book.ts';
import '../../src/connections/spend.ts';
import '../../src/oauth/probe.ts';

const verbs: Readonly<Record<string, (workspace: Workspace) => Promise<unknown>>> = {
  refresh: (workspace) => freshen(workspace, 'acme', { minValidSeconds: 60, force: true, explicit: true }),
  connect: (workspace) => connect(workspace, signIn),
  revoke: (workspace) => revokeConnection(workspace, 'acme', { localOnly: false }),
  forget: (workspace) => forgetOnly(workspace, 'acme'),
  'app set': (workspace) => setApp(workspace, { provider: 'acme', clientId: 'acme-client', clientSecret: undefined }),
};

const kinds = ['locked', 'timed_out', 'unavailable', 'not_responding', 'kept', 'emptied', 'killed', 'late'] as const;

interface Outcome {
  readonly error: unknown;
  /** The process was killed. */
  readonly dead: boolean;
  /** The verb made that many calls of its own to the keychain. */
  readonly calls: number;
}

async function rigWithItems(): Promise<Rig> {
  const rig = createRig();
  rig.world.env.OAUTHCTL_STORE = 'keychain-items';
  await plantConnection((await rig.process()).workspace);
  Object.assign(rig.server, { access: 'access-0', refresh: 'refresh-0' });
  return rig;
}

async function failAt(rig: Rig, verb: string, kind: (typeof kinds)[number], nth: number): Promise<Outcome> {
  const { keychain, system } = rig.world;
  const { world, workspace } = await rig.process();
  agree(world);
  const before = keychain.calls.length;
  keychain.faults.push({ kind, nth });
  const work = (verbs[verb] as (typeof verbs)[string])(workspace).then(
    () => undefined,
    (error: unknown) => error,
  );
  const ended = await Promise.race([
    work.then((error) => ({ error })),
    system.clock.sleep(600_000).then(() => undefined),
  ]);
  const calls = keychain.calls.length - before;
  keychain.faults.length = 0;
  return { error: ended?.error, dead: ended === undefined, calls };
}

/** What rests there opens and is the grant that the server honours; or it is gone, and was to go. */
async function lookAfterwards({ process }: Rig): Promise<'works' | 'gone' | 'named' | 'lost'> {
  const { workspace } = await process();
  if ((await workspace.store.names('connections')).length === 0) return 'gone';
  const { tokens, record } = await openConnection(workspace, 'acme');
  expect(record.store).toBe('keychain-items');
  const before = roleTokens(tokens).refresh?.reveal();
  const outcome = await freshen(workspace, 'acme', { minValidSeconds: 60, force: true, explicit: true });
  if (outcome.kind === 'refreshed') return 'works';
  if (outcome.kind !== 'rejected') throw new Error(`${outcome.kind} with ${before}`);
  return /cut short .*used the refresh token up/.test(outcome.problem.message) ? 'named' : 'lost';
}

describe.each(Object.keys(verbs))('%s', (verb) => {
  const ends = verb === 'revoke' || verb === 'forget';

  it.each(kinds)('the keychain is %s at any call', async (kind) => {
    for (let nth = 1; ; nth++) {
      const rig = await rigWithItems();
      const { error, dead, calls } = await failAt(rig, verb, kind, nth);
      if (error !== undefined) {
        expect(error).toBeInstanceOf(CliError);
        expect(error).toMatchObject({ exit: 7, hint: expect.any(String) });
        expect(String((error as CliError).message)).toMatch(
          /Secret Service (is locked|did not answer|cannot be reached|does not respond|failed)|could not be saved|is empty/,
        );
      }
      if (kind === 'late') expect({ error, dead }).toEqual({ error: undefined, dead: false });
      const ended = rig.server.dead;
      // The one window that no client can close: the server has acted, and the process died before that was saved.
      const window = dead && rig.server.spends > 0;
      const end = await lookAfterwards(rig);
      if (!ended) expect(['works', ...(ends ? ['gone'] : []), ...(window ? ['named'] : [])]).toContain(end);
      const { workspace } = await rig.process();
      await workspace.store.removeOrphans();
      expect(await workspace.store.findOrphans()).toEqual([]);
      if (calls < nth) break;
      expect(nth).toBeLessThan(100);
    }
  });
});

it('a keychain that goes away for good after the token was spent: said, marked, and nothing is stored elsewhere', async () => {
  const rig = await rigWithItems();
  const { workspace } = await rig.process();
  const path = '/data/connections/acme.json';
  rig.server.late = true;
  rig.server.instead = () => {
    rig.world.keychain.failure = 'locked';
    return undefined;
  };
  const error = await freshen(workspace, 'acme', { minValidSeconds: 60, force: true, explicit: true }).catch((e) => e);
  expect(error).toMatchObject({ code: 'store_unavailable', exit: 7 });
  expect(error.message).toMatch(/was refreshed, but the new tokens could not be saved: .*locked/);
  const file = rig.world.files.get(path) ?? '';
  expect(JSON.parse(file)).toMatchObject({ version: 2, facts: { spending: [{ role: 'access' }] } });
  expect(file).not.toContain('"sealed"');
});
