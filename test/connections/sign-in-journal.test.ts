// A sign-in that is cut between the provider's answer and the save is named by the next run.
import { expect, it } from 'vitest';
import { connect } from '../../src/connections/connect.ts';
import { checkConnections } from '../../src/connections/status.ts';
import { agree, createRig, signIn as request } from './rig.ts';

const options = { noRefresh: true, warnSeconds: 0, concurrency: 1 };

/** Kills the process that signs in at the very write that would have saved its grant. */
async function cutBeforeSave() {
  const rig = createRig();
  const victim = await rig.process();
  agree(victim.world);
  const save = 'replaceOwn /data/connections/acme.json';
  rig.world.files.faults.push({ kind: 'killed', nth: 1, method: 'replaceOwn', path: /connections\/acme\.json$/ });
  void connect(victim.workspace, request);
  while (!rig.world.files.calls.includes(save)) await new Promise((resolve) => setImmediate(resolve));
  rig.world.files.faults.length = 0;
  return rig;
}

it('warns in status and in the next sign-in, which settles it', async () => {
  const rig = await cutBeforeSave();
  const looking = await rig.process();
  await checkConnections(looking.workspace, 'all', options);
  expect(looking.world.stderr()).toContain("a sign-in as 'acme' was cut short");
  const again = await rig.process();
  agree(again.world);
  await connect(again.workspace, request);
  expect(again.world.stderr()).toContain('a grant that nobody holds may be left there');
  const later = await rig.process();
  await checkConnections(later.workspace, 'all', options);
  expect(later.world.stderr()).not.toContain('cut short');
});

it('says nothing of a sign-in that was killed while the person was away', async () => {
  const rig = createRig();
  const victim = await rig.process();
  void connect(victim.workspace, request);
  await new Promise((resolve) => setImmediate(resolve));
  victim.world.die();
  const looking = await rig.process();
  await checkConnections(looking.workspace, 'all', options);
  expect(looking.world.stderr()).toBe('');
});

it('says nothing while that process may still save', async () => {
  const rig = createRig();
  const busy = await rig.process({ terminal: true });
  agree(busy.world);
  rig.world.files.faults.push({ kind: 'full', method: 'replaceOwn', path: /connections\/acme\.json/, nth: 1 });
  const looked = { stderr: '' };
  busy.world.answers.push(true);
  const stop = busy.world.system.prompter.confirm;
  busy.world.system.prompter.confirm = async (question) => {
    const looking = await rig.process();
    await checkConnections(looking.workspace, 'all', options);
    looked.stderr = looking.world.stderr();
    return stop(question);
  };
  await connect(busy.workspace, request);
  expect(looked.stderr).toBe('');
});
