// Where a tree's records rest, who else can read them there, and what protects them. The key that seals them tells its own.
import type { RestingPlace, StoreDescription } from '../model/store.ts';
import { ownStore } from './chosen-store.ts';
import type { RecordTree } from './create-store.ts';
import { overFiles } from './file-trouble.ts';

export async function describeStore(tree: RecordTree): Promise<StoreDescription> {
  const wish = await tree.wish?.();
  const { store, movingFrom } = await overFiles('looking at the data folder', () => ownStore(tree, wish));
  const inFiles = store === 'files' || movingFrom === 'files';
  const inItems = store === 'keychain-items' || movingFrom === 'keychain-items';
  const places = [facts(tree), ...(inFiles ? [sealedInFiles(tree)] : []), ...(inItems ? [sealedInItems(tree)] : [])];
  return { store, movingFrom, folder: tree.dataFolder, places, key: (await tree.keyring.describe()) ?? null };
}

const whoReadsFiles = 'whoever runs as you, administrators, and who gets a copy of the folder';

function facts({ dataFolder }: RecordTree): RestingPlace {
  return {
    what: 'facts',
    where: `files in ${dataFolder}`,
    readers: whoReadsFiles,
    protection: 'closed to other users; in clear, but bound by the seal',
  };
}

function sealedInFiles({ dataFolder }: RecordTree): RestingPlace {
  return {
    what: 'secrets',
    where: `files in ${dataFolder}`,
    readers: `${whoReadsFiles}: sealed, of no use without the key`,
    protection: 'closed to other users; sealed with AES-256-GCM',
  };
}

function sealedInItems(tree: RecordTree): RestingPlace {
  const keychain = tree.keychain();
  return {
    what: 'secrets',
    where: `items 'record/…' of the ${keychain.name}`,
    readers: `${keychain.readers}: sealed, of no use without the key`,
    protection: `the ${keychain.name}'s own; sealed with AES-256-GCM`,
  };
}
