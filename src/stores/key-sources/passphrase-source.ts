// The seal key wrapped under a passphrase, in key.json itself. The passphrase comes from the file that OAUTHCTL_PASSPHRASE_FILE
// names, or from a person at a terminal, once per process.
import { CliError } from '../../errors.ts';
import { fileWords } from '../../model/file-words.ts';
import { type Env, type Files, isFileError, type Prompter, type Random } from '../../model/ports.ts';
import { Secret } from '../../model/secret.ts';
import type { WrappedKey } from '../../model/store.ts';
import type { FoundKey, KeySource } from '../key-source.ts';
import { askNewPassphrase, shortestPassphrase } from '../new-passphrase.ts';
import { unwrapKey, wrapKey } from '../wrap-key.ts';

export interface PassphraseDeps {
  readonly env: Env;
  readonly files: Files;
  readonly random: Random;
  readonly prompter: Prompter;
  warn(message: string): void;
  /** scrypt's N; given by tests only. */
  readonly cost?: number;
}

const attempts = 3;
const where = 'key.json, under a passphrase';

/** Makes the sources of one process, which share what was typed. */
export function passphraseSources(deps: PassphraseDeps): (wrapped: WrappedKey | undefined) => KeySource {
  // What was typed so far, the last that opened something first: two keys may be under two passphrases for a while.
  let known: readonly Secret[] = [];
  const remember = (passphrase: Secret) => {
    known = [passphrase, ...known.filter((other) => other !== passphrase)];
  };
  const path = namedFile(deps);
  return (wrapped) => {
    const unlock = async (kid: string, under: WrappedKey): Promise<Secret> => {
      for (const passphrase of known) {
        const key = unwrapKey(kid, under, passphrase);
        if (key === undefined) continue;
        remember(passphrase);
        return key;
      }
      const { passphrase, key } =
        path === undefined ? await typed(deps, kid, under) : await fromFile(deps, path, kid, under);
      remember(passphrase);
      return key;
    };
    return {
      async key(kid): Promise<FoundKey> {
        if (wrapped === undefined) return { state: 'absent' };
        return { state: 'found', bytes: await unlock(kid, wrapped), worldReadable: false };
      },
      async create(kid, fresh) {
        // Beside a key that is there already the same passphrase goes on; a wish asks for a new one.
        const again = wrapped === undefined ? undefined : known[0];
        const passphrase = again ?? (path === undefined ? await chosen(deps) : await longEnough(deps, path));
        remember(passphrase);
        const made = wrapKey(kid, fresh, passphrase, deps.random, deps.cost);
        if (unwrapKey(kid, made, passphrase)?.reveal() !== fresh.reveal()) {
          throw new CliError('internal', 'the wrapped seal key does not open again');
        }
        return { type: 'passphrase', wrapped: made };
      },
      // It was in key.json only, which names another source by now.
      remove: async () => undefined,
      describe: () => where,
      guard:
        path === undefined
          ? { protection: 'os', readers: 'whoever knows the passphrase; it rests nowhere' }
          : { protection: 'file', readers: `whoever can read the passphrase in ${path}` },
    };
  };
}

function namedFile({ env, files }: PassphraseDeps): string | undefined {
  const named = env.get('OAUTHCTL_PASSPHRASE_FILE');
  return named === undefined ? undefined : files.resolve(named);
}

interface Unlocked {
  readonly passphrase: Secret;
  readonly key: Secret;
}

async function typed({ prompter }: PassphraseDeps, kid: string, wrapped: WrappedKey): Promise<Unlocked> {
  mustAsk(prompter, 'the seal key is under a passphrase, and nobody is here to type it');
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const message = attempt === 1 ? 'Passphrase of the seal key:' : 'That did not open it. Passphrase of the seal key:';
    const passphrase = await prompter.secret({ message });
    const key = unwrapKey(kid, wrapped, passphrase);
    if (key !== undefined) return { passphrase, key };
  }
  throw wrong('the passphrase');
}

async function fromFile(deps: PassphraseDeps, path: string, kid: string, wrapped: WrappedKey): Promise<Unlocked> {
  const passphrase = await readPassphrase(deps, path);
  const key = unwrapKey(kid, wrapped, passphrase);
  if (key === undefined) throw wrong(`the passphrase in ${path}`);
  return { passphrase, key };
}

function wrong(what: string): CliError {
  return new CliError('key_mismatch', `${what} does not open the seal key in key.json; nothing was written`, {
    hint: 'bring the right passphrase; without it: oauthctl key reset',
  });
}

async function chosen({ prompter }: PassphraseDeps): Promise<Secret> {
  mustAsk(prompter, 'a passphrase for the seal key is to be made up, and nobody is here to type one');
  return askNewPassphrase(prompter, 'New passphrase of the seal key');
}

async function longEnough(deps: PassphraseDeps, path: string): Promise<Secret> {
  const passphrase = await readPassphrase(deps, path);
  if (passphrase.reveal().length >= shortestPassphrase) return passphrase;
  throw new CliError('key_unavailable', `the passphrase in ${path} is shorter than ${shortestPassphrase} characters`, {
    hint: `put a longer one into ${path}`,
  });
}

/** One line; its end does not count, since editors add one. */
async function readPassphrase({ files, warn }: PassphraseDeps, path: string): Promise<Secret> {
  const file = await files.readNamed(path).catch((error: unknown) => {
    if (!isFileError(error)) throw error;
    const { why, hint } = fileWords(error);
    throw new CliError('key_unavailable', `the passphrase file ${path} cannot be read: ${why}`, { hint, cause: error });
  });
  if (file?.worldReadable) warn(`${path} can be read by every user of this machine: chmod 600 it`);
  const text = file?.text.replace(/\r?\n$/, '') ?? '';
  if (text !== '') return new Secret(text);
  const why = file === undefined ? 'is not there' : 'is empty';
  throw new CliError('key_unavailable', `the passphrase file ${path} ${why}`, {
    hint: 'put the passphrase there, or unset OAUTHCTL_PASSPHRASE_FILE and type it at a terminal',
  });
}

function mustAsk({ interactive }: Prompter, otherwise: string): void {
  if (interactive) return;
  throw new CliError('key_locked', otherwise, {
    hint: 'run it at a terminal, or set OAUTHCTL_PASSPHRASE_FILE to a file that holds the passphrase',
  });
}
