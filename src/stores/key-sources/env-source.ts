// The seal key from the environment: OAUTHCTL_KEY holds it, or OAUTHCTL_KEY_FILE names a file that does (systemd credentials,
// container secrets). Nothing is ever created here.
import { CliError } from '../../errors.ts';
import type { Env, Files } from '../../model/ports.ts';
import type { KeySource } from '../key-source.ts';
import { parseKeyText } from '../key-text.ts';
import { fileGuard, readKeyFile } from './file-source.ts';

/** OAUTHCTL_KEY wins when both are set. */
export function envSource(env: Env, files: Files): KeySource {
  const named = env.get('OAUTHCTL_KEY_FILE');
  const path = named === undefined ? undefined : files.resolve(named);
  const inFile = env.get('OAUTHCTL_KEY') === undefined ? path : undefined;
  const describe = () => (inFile === undefined ? 'OAUTHCTL_KEY' : `the key file ${inFile}`);
  return {
    async key() {
      const text = env.get('OAUTHCTL_KEY');
      if (text === undefined) return path === undefined ? { state: 'absent' } : readKeyFile(files, path);
      const bytes = parseKeyText(text);
      return bytes === undefined ? { state: 'malformed' } : { state: 'found', bytes, worldReadable: false };
    },
    async create() {
      const why =
        path === undefined ? 'OAUTHCTL_KEY is not set' : `there is no file ${path}, which OAUTHCTL_KEY_FILE names`;
      throw new CliError('key_unavailable', `no seal key: ${why}`, {
        hint: 'set OAUTHCTL_KEY to what `openssl rand -base64 32` prints, and keep it',
      });
    },
    remove: async () => describe(),
    describe,
    guard:
      inFile === undefined
        ? {
            protection: 'environment',
            readers: 'programs that run as you, what they start, and whatever sets the variable',
          }
        : fileGuard,
  };
}
