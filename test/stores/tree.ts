// One tree in a fake world: keyring and store as `main` plugs them together, for one process.
import type { Keyring, KeySourceChoice, RecordRef, Store, StoreName } from '../../src/model/store.ts';
import { createKeyring } from '../../src/stores/create-keyring.ts';
import { createStore } from '../../src/stores/create-store.ts';
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
  readonly store?: StoreName;
  /** Another tree than the usual one. */
  readonly dataFolder?: string;
}

export interface FakeTree {
  readonly keyring: Keyring;
  readonly store: Store;
  readonly warnings: string[];
}

export function plugTree(world: World, options: TreeOptions = {}): FakeTree {
  const { files, random, clock, liveness, keychain, env, spawn, prompter } = world.system;
  const folder = options.dataFolder ?? dataFolder;
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  // scrypt at the cost of real passphrases would make minutes of the tests that kill a process everywhere.
  const passphrase = passphraseSources({ env, files, random, prompter, warn, cost: 2 ** 14 });
  const keyring = createKeyring({
    files,
    random,
    clock,
    liveness,
    dataFolder: folder,
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
  const wish = options.store === undefined ? undefined : { store: options.store, from: '--store' };
  const store = createStore({
    files,
    random,
    clock,
    liveness,
    keychain: () => keychain,
    dataFolder: folder,
    keyring,
    wish: async () => wish,
    warn,
    onWaiting: options.onWaiting,
  });
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
