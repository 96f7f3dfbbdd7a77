// The one place that loads the native keychain binding. Loaded lazily, in a child process or where nothing is held.
import { AsyncEntry } from '@napi-rs/keyring';

/** All our items are of this service; the account tells them apart. */
const serviceName = 'oauthctl';

/**
 * Pinned to the Secret Service: unpinned, any trouble with it silently becomes the kernel's keyring, which forgets at reboot
 * (https://github.com/Brooooooklyn/keyring-node/issues/142). On macOS and Windows there is one store and nothing to pin.
 * Opens a D-Bus connection synchronously: up to 2 s when the daemon is stalled.
 */
export function openEntry(account: string): AsyncEntry {
  return new AsyncEntry(serviceName, account, { linux: { store: 'secret-service' } });
}
