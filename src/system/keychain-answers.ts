// What passes between us and the keychain's child process, and what the binding's words mean. It has no codes (`code` is
// always GenericFailure), so this is the one place that matches text: the version is pinned, and each row has its test.
import type { KeychainFailure } from '../model/ports.ts';

export type KeychainRequest =
  | { readonly act: 'get'; readonly account: string }
  | { readonly act: 'set'; readonly account: string; readonly value: string }
  | { readonly act: 'remove'; readonly account: string };

export type KeychainReply =
  | { readonly ok: true; readonly value: string | boolean | null }
  | { readonly ok: false; readonly message: string };

/** What the child wrote. Whatever is no reply is a failure, and none of it is repeated: it may hold the key. */
export function readReply(text: string): KeychainReply {
  const reply = asObject(text);
  const { ok, value, message } = reply;
  // JSON leaves out what the binding gives as undefined.
  if (ok === true && (value === undefined || value === null)) return { ok, value: null };
  if (ok === true && (typeof value === 'string' || typeof value === 'boolean')) return { ok, value };
  if (ok === false && typeof message === 'string') return { ok, message };
  return { ok: false, message: 'the keychain process gave an answer that is none' };
}

function asObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

const meanings: readonly (readonly [RegExp, KeychainFailure])[] = [
  // -25308 errSecInteractionNotAllowed: macOS, over SSH.
  [/unlock prompt was dismissed|IsLocked|-25308/, 'locked'],
  [/matched by \d+ credentials/, 'ambiguous'],
  [/longer than|rejected by the platform/, 'too_large'],
  [/no result found/, 'no_default_collection'],
  [
    /Did not receive a reply|disconnected from message bus|session wrapping the secret does not exist/,
    'not_responding',
  ],
  [
    /autolaunch|Failed to connect to socket|not provided by any \.service files|exited with status|native binding|Cannot find module|dlopen/i,
    'unavailable',
  ],
];

/** Unknown words are `failed`, never "absent". */
export function meaningOf(message: string): KeychainFailure {
  return meanings.find(([words]) => words.test(message))?.[1] ?? 'failed';
}

export function keychainName(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Keychain';
  return platform === 'win32' ? 'Credential Manager' : 'Secret Service';
}

/** macOS lists the programs that may read an item (https://developer.apple.com/documentation/security/access-control-lists); the others list none. */
export function keychainReaders(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'every script that the node program runs; others must ask you';
  if (platform === 'win32') return 'every program that runs as you';
  return 'every program of your session, while it is unlocked';
}

/**
 * Windows takes 2,560 bytes (CRED_MAX_CREDENTIAL_BLOB_SIZE, https://learn.microsoft.com/windows/win32/api/wincred/ns-wincred-credentialw)
 * and text goes there as UTF-16. The others name no limit; what is longer than this was slow, or failed in other tools.
 */
export function largestItem(platform: NodeJS.Platform): number {
  if (platform === 'win32') return 1_280;
  return platform === 'darwin' ? 3_000 : 100_000;
}
