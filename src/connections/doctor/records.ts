// Every record that is stored: whether it reads, and whether its seal opens.
import { CliError } from '../../errors.ts';
import { counted } from '../../model/counted.ts';
import type { ListedRecord, RecordKind } from '../../model/store.ts';
import { connectionFromFacts } from '../facts.ts';
import type { Workspace } from '../workspace.ts';
import { type Check, type Finding, failed, ok, warn } from './check.ts';

export const records: Check = {
  id: 'records',
  async look(workspace) {
    const [connections, apps] = [await lookAt(workspace, 'connections'), await lookAt(workspace, 'apps')];
    const broken = [...connections.broken, ...apps.broken];
    const why = connections.why ?? apps.why;
    if (why !== undefined) return [...broken, warn(`not every record was opened: ${why}`)];
    const whole = `${counted(connections.whole, 'connection')} and ${counted(apps.whole, 'app')} open`;
    return broken.length === 0 ? [ok(whole)] : broken;
  },
  async repair({ store }): Promise<readonly Finding[]> {
    const finished = await store.finishRenames();
    return finished.map((name) => ({ state: 'repaired', says: `'${name}' is in its place again` }));
  },
};

async function lookAt(workspace: Workspace, kind: RecordKind) {
  const broken: Finding[] = [];
  let whole = 0;
  try {
    for (const listed of await workspace.store.list(kind)) {
      const trouble = await troubleOf(listed);
      if (trouble === undefined) whole++;
      else broken.push(trouble);
    }
  } catch (error) {
    if (!(error instanceof CliError) || error.code === 'cancelled') throw error;
    return { whole, broken, why: error.code.startsWith('key_') ? 'the seal key is not at hand' : error.message };
  }
  return { whole, broken, why: undefined };
}

async function troubleOf(listed: ListedRecord): Promise<Finding | undefined> {
  if (!listed.ok) return failed(listed.message, listed.hint);
  const { record } = listed;
  try {
    if (record.ref.kind === 'connections') connectionFromFacts(record.ref.name, record.binding, record.facts);
    await record.open();
    return undefined;
  } catch (error) {
    // What is wrong with the key or the keychain is wrong with every record: nobody waits for it a hundred times.
    if (!(error instanceof CliError) || !error.code.startsWith('record_')) throw error;
    return failed(error.message, error.hint);
  }
}
