// Directives that spoil a machine: what a disk, a keychain and other people can do to a tree (test/cli/README.md).
import type { FileErrorKind, KeychainFailure } from '../../src/model/ports.ts';
import type { World } from '../support/world.ts';

/** False: nobody knows the directive. */
export function spoil(act: string, first: string, rest: string, world: World): boolean {
  const { files, keychain } = world;
  switch (act) {
    case 'edit':
      edit(world, first, rest);
      return true;
    case 'lines': {
      const entry = entryAt(world, first);
      entry.content = entry.content.replaceAll('\\n', '\n');
      return true;
    }
    case 'copy':
      files.set(rest, entryAt(world, first).content);
      return true;
    case 'link':
      files.set(first, rest, { kind: 'link' });
      return true;
    case 'foreign':
      entryAt(world, first).ownerIsUs = false;
      return true;
    case 'disk':
      spoilDisk(world, first, rest);
      return true;
    case 'keychain':
      keychain.failure = first === 'well' ? undefined : (first as KeychainFailure);
      return true;
    case 'items':
      for (const account of keychain.items.keys()) {
        if (first === 'removed') keychain.items.delete(account);
        else keychain.items.set(account, first === 'emptied' ? '' : rest);
      }
      return true;
    default:
      return false;
  }
}

function spoilDisk({ files }: World, how: string, path: string): void {
  files.faults.length = 0;
  files.full = how === 'full' && path === '';
  files.readOnly = how === 'read_only' && path === '';
  if (path !== '') files.faults.push({ kind: how as FileErrorKind, path: new RegExp(path) });
}

function entryAt({ files }: World, path: string) {
  const entry = files.entries.get(path);
  if (entry === undefined) throw new Error(`there is no ${path}`);
  return entry;
}

/** `s/FROM/TO/`, FROM a regular expression that must be found. */
function edit(world: World, path: string, how: string): void {
  const entry = entryAt(world, path);
  const [, from = '', to = ''] = /^s\/(.*)\/(.*)\/$/.exec(how) ?? [];
  const edited = entry.content.replace(new RegExp(from), to);
  if (edited === entry.content) throw new Error(`@ edit changed nothing in ${path}`);
  entry.content = edited;
}
