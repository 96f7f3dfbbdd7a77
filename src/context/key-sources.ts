// The key sources of one process, made of its ports.
import type { System } from '../model/ports.ts';
import type { KeySourceChoice } from '../model/store.ts';
import type { KeySource } from '../stores/key-source.ts';
import { commandSource } from '../stores/key-sources/command-source.ts';
import { envSource } from '../stores/key-sources/env-source.ts';
import { fileSource } from '../stores/key-sources/file-source.ts';
import { keychainSource } from '../stores/key-sources/keychain-source.ts';
import { passphraseSources } from '../stores/key-sources/passphrase-source.ts';
import type { Speaker } from '../ui/speaker.ts';

export function keySources(
  { env, files, keychain, random, prompter, spawn }: System,
  speaker: Speaker,
): (choice: KeySourceChoice) => KeySource {
  const passphrase = passphraseSources({ env, files, random, prompter, warn: speaker.warn });
  return (choice) => {
    switch (choice.type) {
      case 'keychain':
        return keychainSource(keychain, {
          onWaiting: () => speaker.tell(`waiting for the ${keychain.name}: an unlock dialog may be open`),
        });
      case 'env':
        return envSource(env, files);
      case 'file':
        return fileSource(files, choice.path);
      case 'command':
        return commandSource(choice.command, { spawn, attended: prompter.interactive });
      case 'passphrase':
        return passphrase(choice.wrapped);
    }
  };
}
