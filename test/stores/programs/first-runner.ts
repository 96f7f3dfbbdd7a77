// One of many processes that run on a new tree at the same moment. Says which key it got, as a digest.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Keychain, KeychainAnswer } from '../../../src/model/ports.ts';
import { Secret } from '../../../src/model/secret.ts';
import { createKeyring } from '../../../src/stores/create-keyring.ts';
import { fileSource } from '../../../src/stores/key-sources/file-source.ts';
import { keychainSource } from '../../../src/stores/key-sources/keychain-source.ts';
import { dyingAt, realPorts } from './real-ports.ts';

const { dataFolder, keychainFolder, choice, diesAt, after } = JSON.parse(process.argv[2] ?? '');
const ports = realPorts();
const files = diesAt === null ? ports.files : dyingAt(ports.files, diesAt, after);

/** Like the real ones: slow, last writer wins, and a new item is empty for a moment. */
function folderKeychain(folder: string): Keychain {
  mkdirSync(folder, { recursive: true });
  const itemOf = (account: string) => join(folder, encodeURIComponent(account));
  const answer = async <T>(act: () => T): Promise<KeychainAnswer<T>> => {
    await ports.clock.sleep(10);
    return { ok: true, value: act() };
  };
  return {
    name: 'folder',
    readers: 'everybody',
    largestItem: 1_000,
    get: (account) =>
      answer(() => {
        try {
          return new Secret(readFileSync(itemOf(account), 'utf8'));
        } catch {
          return undefined;
        }
      }),
    async set(account, value) {
      await answer(() => writeFileSync(itemOf(account), ''));
      return answer(() => writeFileSync(itemOf(account), value.reveal()) as undefined);
    },
    remove: (account) => answer(() => rmSync(itemOf(account)) === undefined),
  };
}

const keyring = createKeyring({
  ...ports,
  files,
  dataFolder,
  source: (wanted) =>
    wanted.type === 'file' ? fileSource(files, wanted.path) : keychainSource(folderKeychain(keychainFolder), {}),
  choice: { explicit: choice, fallback: { type: 'keychain' } },
  warn: () => {},
});

void keyring.key().then(
  ({ kid, bytes }) => {
    const digest = createHash('sha256').update(bytes.reveal()).digest('hex');
    writeFileSync(1, `${JSON.stringify({ kid, digest })}\n`);
  },
  (error) => writeFileSync(1, `${JSON.stringify({ error: String(error) })}\n`),
);
