// Whose certificates are trusted: what Node trusts by itself, and beside it the file of --ca-file or OAUTHCTL_CA_FILE.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import tls, { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { CliError } from '../errors.ts';
import { fileWords } from '../model/file-words.ts';
import { type Env, type FetchSettings, type Files, isFileError } from '../model/ports.ts';

/** Undefined: Node's own way, which knows NODE_EXTRA_CA_CERTS. Throws where the file cannot be used, naming who named it. */
export async function readAuthorities(
  { env, caFile }: FetchSettings,
  files: Pick<Files, 'resolve' | 'readNamed'>,
): Promise<SecureContext | undefined> {
  const file = caFile ?? env.get('OAUTHCTL_CA_FILE');
  if (file === undefined) return undefined;
  const path = files.resolve(file);
  const own = await readCertificates(path, files, (why) => unusable(caFile !== undefined, `${path}, ${why}`));
  return createSecureContext({ ca: [...usualAuthorities(env), ...own] });
}

function unusable(isFlag: boolean, what: string): CliError {
  const cause = { sent: false };
  if (!isFlag) {
    const hint = 'set OAUTHCTL_CA_FILE anew, or unset it';
    return new CliError('settings_invalid', `OAUTHCTL_CA_FILE names ${what}`, { hint, cause });
  }
  return new CliError('invalid_value', `--ca-file names ${what}`, { hint: 'name another with --ca-file', cause });
}

async function readCertificates(
  path: string,
  files: Pick<Files, 'readNamed'>,
  refuse: (why: string) => CliError,
): Promise<readonly string[]> {
  const read = await files.readNamed(path).catch((error) => {
    throw isFileError(error) ? refuse(`which cannot be used: ${fileWords(error).why}`) : error;
  });
  if (read === undefined) throw refuse('which is not there');
  const certificates = certificatesIn(read.text);
  if (certificates.length === 0) throw refuse('which holds no certificate (PEM)');
  const broken = certificates.findIndex((certificate) => !isReadable(certificate));
  if (broken >= 0) throw refuse(`whose certificate number ${broken + 1} cannot be read`);
  return certificates;
}

function certificatesIn(text: string): readonly string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
}

function isReadable(certificate: string): boolean {
  try {
    return new X509Certificate(certificate).fingerprint256 !== '';
  } catch {
    return false;
  }
}

/** `ca` stands in the place of what Node trusts by itself, so that has to be named too. */
function usualAuthorities(env: Pick<Env, 'get'>): readonly string[] {
  // Node 22.15 and newer: https://nodejs.org/api/tls.html#tlsgetcacertificatestype
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => readonly string[] };
  return getCACertificates?.('default') ?? [...rootCertificates, ...extraAuthorities(env)];
}

/** Node has warned at its start of a file that it cannot use. */
function extraAuthorities(env: Pick<Env, 'get'>): readonly string[] {
  const path = env.get('NODE_EXTRA_CA_CERTS');
  if (path === undefined) return [];
  try {
    return certificatesIn(readFileSync(path, 'utf8')).filter(isReadable);
  } catch {
    return [];
  }
}
