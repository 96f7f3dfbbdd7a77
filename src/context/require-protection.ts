// What is required of the seal key is looked at before anything of the tree is read, opened or written.
import { CliError } from '../errors.ts';
import { type Protection, satisfies } from '../model/protection.ts';
import type { Keyring, KeySourceChoice, Store } from '../model/store.ts';

interface Guard {
  keyring(keyring: Keyring): Keyring;
  store(store: Store): Store;
}

/** `key move`, `key show` and `key reset` stay free: they are what tells of a weak key, and what mends it. */
export function protectionGuard(keyring: Keyring, required: () => Promise<Protection | undefined>): Guard {
  let checked: Promise<void> | undefined;
  const check = () => {
    checked ??= mustSatisfy(keyring, required);
    return checked;
  };
  const after =
    <A extends readonly unknown[], R>(act: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await check();
      return act(...args);
    };
  return {
    keyring: (plain) => ({
      ...plain,
      key: after(plain.key),
      fingerprint: after(plain.fingerprint),
      auditKeys: after(plain.auditKeys),
      adopt: after(plain.adopt),
      move: async (to) => {
        await mustSatisfy(keyring, required, to);
        return plain.move(to);
      },
      beginRotation: async (to) => {
        await check();
        if (to !== undefined) await mustSatisfy(keyring, required, to);
        return plain.beginRotation(to);
      },
    }),
    store: (plain) => ({
      ...plain,
      read: after(plain.read),
      list: after(plain.list),
      write: after(plain.write),
      remove: after(plain.remove),
      lock: after(plain.lock),
      rename: after(plain.rename),
      portable: after(plain.portable),
      restore: after(plain.restore),
      migrate: after(plain.migrate),
      probe: after(plain.probe),
    }),
  };
}

async function mustSatisfy(
  keyring: Keyring,
  required: () => Promise<Protection | undefined>,
  place?: KeySourceChoice,
): Promise<void> {
  const least = await required();
  if (least === undefined) return;
  const found = await keyring.protection(place);
  if (satisfies(found, least)) return;
  const but = found.protection === 'none' ? 'nothing protects it' : `it is by '${found.protection}' only`;
  throw new CliError(
    'key_unavailable',
    `the seal key must be protected by '${least}', and ${but}: ${found.where} (read by ${found.readers})`,
    { hint: found.named && place === undefined ? 'name another: --key keychain' : 'oauthctl key move --to keychain' },
  );
}
