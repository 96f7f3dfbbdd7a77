// rclone.conf: a section for each remote, with the grant as JSON in `token` (https://rclone.org/docs/#config-file).
import { isJsonObject, parseJson } from '../../model/json.ts';
import { type ForeignFile, type ForeignGrant, hostIn, notAdopted, secretIn, tokensIn } from './foreign-grant.ts';

type Section = ReadonlyMap<string, string>;

/**
 * Where rclone gets the tokens of a remote, by its `type`; of other types nothing is known.
 * https://github.com/rclone/rclone/tree/master/backend: drive/drive.go, dropbox/dropbox.go, onedrive/onedrive.go, …
 */
const hosts: readonly (readonly [RegExp, string])[] = [
  [/^(drive|google photos|google cloud storage)$/, 'oauth2.googleapis.com'],
  [/^dropbox$/, 'api.dropboxapi.com'],
  [/^onedrive$/, 'login.microsoftonline.com'],
  [/^box$/, 'api.box.com'],
  [/^pcloud$/, 'api.pcloud.com'],
  [/^yandex$/, 'oauth.yandex.com'],
];

/** Undefined when the text is no such file. */
export function readRcloneConf(text: string, provider: string): ForeignFile | undefined {
  if (isEncrypted(text)) {
    throw notAdopted(
      "rclone's configuration is encrypted, and is not read",
      'rclone config show REMOTE > FILE; remove that file afterwards',
    );
  }
  const sections = sectionsIn(text);
  if (sections.size === 0) return undefined;
  const grants = [...sections].flatMap(([remote, section]) => grantIn(remote, section, provider));
  if (grants.length === 0)
    throw notAdopted("no remote of rclone's configuration holds a token", `oauthctl connect ${provider}`);
  return { what: "rclone's configuration", isForOne: false, grants };
}

/** https://github.com/rclone/rclone/blob/master/fs/config/crypt.go: the first line that is no comment says so. */
function isEncrypted(text: string): boolean {
  const first = text.split('\n').find((line) => !/^\s*([;#].*)?$/.test(line));
  return first?.trim().startsWith('RCLONE_ENCRYPT_V') ?? false;
}

function sectionsIn(text: string): ReadonlyMap<string, Section> {
  const sections = new Map<string, Map<string, string>>();
  let open: Map<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    const name = /^\s*\[([^\]]+)\]\s*$/.exec(line)?.[1];
    if (name !== undefined) {
      open = new Map();
      sections.set(name, open);
      continue;
    }
    const [, key, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) open?.set(key, value);
  }
  return sections;
}

/** A remote without a token (a disk, a bucket) has nothing to adopt. */
function grantIn(remote: string, section: Section, provider: string): readonly ForeignGrant[] {
  const token = section.get('token');
  if (token === undefined || token === '') return [];
  const json = parseJson(token);
  const tokens = isJsonObject(json) ? tokensIn(json) : undefined;
  if (tokens === undefined)
    throw notAdopted(
      `the token of the remote '${remote}' is not the JSON that rclone writes`,
      `oauthctl connect ${provider}`,
    );
  const id = section.get('client_id') ?? '';
  const secret = secretIn(section.get('client_secret')) ?? undefined;
  // Without one, rclone uses a client of its own, whose secret only rclone has (https://rclone.org/drive/#making-your-own-client-id).
  const client = id === '' ? ({ kind: 'hidden', of: 'rclone' } as const) : ({ kind: 'in_file', id, secret } as const);
  const host = tokens.host ?? hostIn(section.get('token_url')) ?? hostOf(section.get('type'));
  return [{ ...tokens, entry: remote, client, host }];
}

function hostOf(type = ''): string | null {
  return hosts.find(([types]) => types.test(type))?.[1] ?? null;
}
