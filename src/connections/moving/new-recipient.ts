// `key new-recipient`: a key pair, its private half in a file that did not exist before.
import { CliError } from '../../errors.ts';
import { newRecipient } from '../../stores/recipient-key.ts';
import type { Workspace } from '../workspace.ts';

export interface RecipientFile {
  readonly file: string;
  readonly kid: string;
  /** One JWK. */
  readonly publicKey: string;
}

export async function writeRecipient({ system: { files } }: Workspace, named: string): Promise<RecipientFile> {
  const file = files.resolve(named);
  const { kid, publicKey, privateKey } = await newRecipient();
  if (await files.createOwn(file, `${privateKey}\n`)) return { file, kid, publicKey };
  throw new CliError('invalid_value', `there is already something at ${file}: a private key is never overwritten`, {
    hint: 'name another with --out',
  });
}
