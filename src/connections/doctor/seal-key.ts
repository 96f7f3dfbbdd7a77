// The seal key: whether its source answers, and with the key of this tree. A new tree's key is not made here.
import type { Workspace } from '../workspace.ts';
import { type Check, type Finding, failed, ok, orFailed } from './check.ts';

export const sealKey: Check = {
  id: 'seal key',
  look: async (workspace) => [await orFailed(() => lookAt(workspace))],
};

async function lookAt(workspace: Workspace): Promise<Finding> {
  const key = await workspace.keyring.describe();
  if (key === undefined) return keychainAlone(workspace);
  await workspace.keyring.key();
  return ok(`the key of this tree (${key.where}) is there and fits`);
}

/** Asked for an item that nobody has: an answer is all that is wanted. */
async function keychainAlone({ system: { keychain } }: Workspace): Promise<Finding> {
  const answer = await keychain.get('doctor/no-such-item');
  if (answer.ok)
    return ok(`no key yet: the first command that stores something makes one; the ${keychain.name} answers`);
  return failed(
    `no key yet, and the ${keychain.name} does not answer (${answer.why.replaceAll('_', ' ')})`,
    'unlock or install one, or bring a key: --key file:PATH, OAUTHCTL_KEY',
  );
}
