// One tree in a fake world: keyring and store as `main` plugs them together, for one process.
import type { Keyring, KeySourceChoice, RecordRef, Store } from '../../src/model/store.ts';
import { createKeyring } from '../../src/stores/create-keyring.ts';
import { createFilesStore } from '../../src/stores/create-store.ts';
import { commandSource } from '../../src/stores/key-sources/command-source.ts';
import { envSource } from '../../src/stores/key-sources/env-source.ts';
import { fileSource } from '../../src/stores/key-sources/file-source.ts';
import { keychainSource } from '../../src/stores/key-sources/keychain-source.ts';
import { passphraseSources } from '../../src/stores/key-sources/passphrase-source.ts';
import { recordFileName } from '../../src/stores/tree-layout.ts';
import { createWorld, type World } from '../support/world.ts';
import { gmail, save } from './store-contract.ts';

export const dataFolder = '/home/ann/.local/share/oauthctl';

export interface TreeOptions {
  readonly explicit?: KeySourceChoice;
  readonly fallback?: KeySourceChoice;
  readonly mayCreateBeside?: boolean;
  readonly onWaiting?: () => void;
}

export interface FakeTree {
  readonly keyring: Keyring;
  readonly store: Store;
  readonly warnings: string[];
}

export function plugTree(world: World, options: TreeOptions = {}): FakeTree {
  const { files, random, clock, liveness, keychain, env, spawn, prompter } = world.system;
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  // scrypt at the cost of real passphrases would make minutes of the tests that kill a process everywhere.
  const passphrase = passphraseSources({ env, files, random, prompter, warn, cost: 2 ** 14 });
  const keyring = createKeyring({
    files,
    random,
    clock,
    liveness,
    dataFolder,
    source: (choice) => {
      switch (choice.type) {
        case 'keychain':
          return keychainSource(keychain, { onWaiting: options.onWaiting });
        case 'env':
          return envSource(env, files);
        case 'file':
          return fileSource(files, choice.path);
        case 'command':
          return commandSource(choice.command, { spawn, attended: prompter.interactive });
        case 'passphrase':
          return passphrase(choice.wrapped);
      }
    },
    choice: { explicit: options.explicit, fallback: options.fallback ?? { type: 'keychain' } },
    mayCreateBeside: options.mayCreateBeside ?? false,
    warn,
  });
  const store = createFilesStore({ files, random, clock, liveness, dataFolder, keyring, warn });
  return { keyring, store, warnings };
}

export const fileOf = (ref: RecordRef) => `${dataFolder}/${ref.kind}/${recordFileName(ref.name)}`;

/** A tree with one record. */
export async function treeWithRecord(): Promise<{ readonly world: World; readonly tree: FakeTree }> {
  const world = createWorld();
  const tree = plugTree(world);
  await save(tree.store, gmail);
  return { world, tree };
}
