// The passphrase or key of an export, from where the person keeps it. A passphrase comes by prompt or from a file, never as a flag.
import { CliError } from '../../errors.ts';
import { fileWords } from '../../model/file-words.ts';
import { isFileError } from '../../model/ports.ts';
import { Secret } from '../../model/secret.ts';
import type { EnvelopeClaims, Recipient } from '../../stores/export-envelope.ts';
import { askNewPassphrase, shortestPassphrase } from '../../stores/new-passphrase.ts';
import { readPrivateKey, readPublicKey } from '../../stores/recipient-key.ts';
import type { Workspace } from '../workspace.ts';

const identityVariable = 'OAUTHCTL_IDENTITY_FILE';

export interface SealingFlags {
  /** A public key: a file, or the JWK itself. */
  readonly recipient: string | undefined;
  readonly passphraseFile: string | undefined;
}

/** For `export`. A passphrase that is typed is typed twice. */
export async function recipientFor(
  workspace: Workspace,
  { recipient, passphraseFile }: SealingFlags,
): Promise<Recipient> {
  if (recipient !== undefined && passphraseFile !== undefined) {
    throw new CliError('usage', 'an export is for a recipient or for a passphrase', {
      hint: 'leave one of the two out',
    });
  }
  if (recipient !== undefined) {
    if (recipient.trimStart().startsWith('{')) return readPublicKey(recipient);
    return readPublicKey((await readNamed(workspace, recipient, '--recipient')).text);
  }
  if (passphraseFile !== undefined) return fromFile(workspace, passphraseFile, true);
  const { prompter } = workspace.system;
  if (!prompter.interactive) {
    throw new CliError('needs_terminal', 'a passphrase cannot be asked for here', {
      hint: 'give --recipient KEY or --passphrase-file FILE',
    });
  }
  return { kind: 'passphrase', passphrase: await askNewPassphrase(prompter, 'New passphrase for the export') };
}

export interface OpeningFlags {
  /** The file of a private key. */
  readonly identity: string | undefined;
  readonly passphraseFile: string | undefined;
}

/** For `import`. Throws `key_mismatch` where the key at hand is not the one that the export is for, before anything is tried. */
export async function holderFor(workspace: Workspace, claims: EnvelopeClaims, flags: OpeningFlags): Promise<Recipient> {
  return claims.for === 'key' ? holderOfKey(workspace, claims.kid, flags) : holderOfPassphrase(workspace, flags);
}

async function holderOfKey(workspace: Workspace, kid: string | null, { identity }: OpeningFlags): Promise<Recipient> {
  const file = identity ?? workspace.system.env.get(identityVariable);
  if (file === undefined) {
    throw new CliError('key_missing', `the export is for the key ${kid}, and none was given`, {
      hint: `give --identity FILE, or set ${identityVariable}`,
    });
  }
  const found = await readNamed(workspace, file, identity === undefined ? identityVariable : '--identity');
  const key = await readPrivateKey(found.text);
  warnOfReaders(workspace, found, 'a private key');
  if (key.kid === kid) return key;
  throw new CliError('key_mismatch', `the export is for the key ${kid}, and ${file} holds ${key.kid}`, {
    hint: 'give the right one with --identity FILE, or export for this one',
  });
}

async function holderOfPassphrase(workspace: Workspace, { passphraseFile }: OpeningFlags): Promise<Recipient> {
  if (passphraseFile !== undefined) return fromFile(workspace, passphraseFile, false);
  const { prompter } = workspace.system;
  if (prompter.interactive)
    return { kind: 'passphrase', passphrase: await prompter.secret({ message: 'Passphrase of the export:' }) };
  throw new CliError('needs_terminal', 'the export is for a passphrase, which cannot be asked for here', {
    hint: 'give --passphrase-file FILE',
  });
}

async function fromFile(workspace: Workspace, named: string, isNew: boolean): Promise<Recipient> {
  const found = await readNamed(workspace, named, '--passphrase-file');
  warnOfReaders(workspace, found, 'a passphrase');
  const passphrase = found.text.replace(/\r?\n$/, '');
  const problem = isNew ? tooShort(passphrase) : undefined;
  if (problem !== undefined)
    throw new CliError('invalid_value', problem, { hint: 'openssl rand -base64 24 makes a good one' });
  return { kind: 'passphrase', passphrase: new Secret(passphrase), from: found.path };
}

function tooShort(text: string): string | undefined {
  if (text.length >= shortestPassphrase) return undefined;
  return `the passphrase needs ${shortestPassphrase} characters: whoever finds the file can guess for as long as they like`;
}

interface NamedFile {
  readonly path: string;
  readonly text: string;
  readonly worldReadable: boolean;
}

/** `what`: what is in it, which others must not read. */
function warnOfReaders(workspace: Workspace, { path, worldReadable }: NamedFile, what: string): void {
  if (worldReadable) workspace.warn(`${path} holds ${what}, and everybody on this machine can read it`);
}

async function readNamed(workspace: Workspace, named: string, option: string): Promise<NamedFile> {
  const path = workspace.system.files.resolve(named);
  try {
    const file = await workspace.system.files.readNamed(path);
    if (file === undefined)
      throw new CliError('invalid_value', `there is no file ${path}`, { hint: `name another with ${option}` });
    return { path, ...file };
  } catch (error) {
    if (!isFileError(error)) throw error;
    const { why, hint } = fileWords(error);
    throw new CliError('invalid_value', `${path} cannot be used: ${why}`, { hint, cause: error });
  }
}
