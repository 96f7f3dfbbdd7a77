// gh's hosts.yml: a token for each host and user, where gh was told to keep it in the clear. A reader for that one shape, and
// not for YAML: what gh does not write is refused.
import { type ForeignClient, type ForeignFile, type ForeignGrant, notAdopted, secretIn } from './foreign-grant.ts';

type Tree = Map<string, string | Tree>;

/** "GitHub CLI", the OAuth App that every gh is: https://github.com/cli/cli/blob/trunk/internal/authflow/flow.go (read 2026-11). */
const ownClient: ForeignClient = { kind: 'own', id: '178c6fc778ccc68e1d6a', app: 'gh' };

/** Where gh signs in, unless it is told otherwise. */
const ownHost = 'github.com';

/** Undefined when the text is no such file. Shape: https://github.com/cli/cli/blob/trunk/internal/config/migration/multi_account.go */
export function readGhHosts(text: string, provider: string): ForeignFile | undefined {
  const hosts = treeIn(text);
  if (hosts === undefined || ![...hosts.values()].every((host) => host instanceof Map)) return undefined;
  const grants = [...hosts].flatMap(([host, settings]) =>
    settings instanceof Map ? grantsAt(host, settings, provider) : [],
  );
  if (grants.length > 0) return { what: "gh's list of hosts", isForOne: false, grants };
  throw notAdopted(
    'gh keeps its token in the keychain, and the file holds none',
    `gh auth token | oauthctl import - --from gh --provider ${provider}`,
  );
}

function grantsAt(host: string, settings: Tree, provider: string): readonly ForeignGrant[] {
  const users = settings.get('users');
  const user = settings.get('user');
  const named = users instanceof Map ? [...users] : [];
  const found = named.flatMap(([name, own]) =>
    own instanceof Map ? ghGrant(own.get('oauth_token'), provider, host, name) : [],
  );
  if (found.length > 0) return found;
  return ghGrant(settings.get('oauth_token'), provider, host, typeof user === 'string' ? user : null);
}

function ghGrant(
  token: string | Tree | undefined,
  provider: string,
  host: string,
  user: string | null,
): readonly ForeignGrant[] {
  if (typeof token !== 'string' || token === '') return [];
  return [{ ...ghToken(token, provider), host, entry: user === null ? host : `${host}/${user}`, accountName: user }];
}

/** One token, as `gh auth token` prints it. */
export function ghToken(text: string, provider: string): ForeignGrant {
  // https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats
  if (!/^gho_\w+$/.test(text)) {
    throw notAdopted('gh was given this token by hand: it is no grant of an app', `oauthctl connect ${provider}`);
  }
  const nothing = { host: ownHost, refresh: null, idToken: null, expiresAt: null, scopes: null, accountName: null };
  return { ...nothing, entry: null, client: ownClient, access: secretIn(text), tokenType: 'bearer' };
}

/** Mappings of plain and simply quoted words, nothing else; undefined for other text. */
function treeIn(text: string): Tree | undefined {
  const root: Tree = new Map();
  const open: { readonly indent: number; readonly tree: Tree }[] = [{ indent: -1, tree: root }];
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(#.*)?$/.test(line)) continue;
    const [, spaces, key, , quoted, plain] =
      /^( *)([\w.@-]+):(?:\s+(?:(["'])([^"'\\]*)\3|([^\s"'&*!|>%@`{}[\],#][^#]*?)))?\s*$/.exec(line) ?? [];
    if (spaces === undefined || key === undefined) return undefined;
    while ((open.at(-1)?.indent ?? -1) >= spaces.length) open.pop();
    const parent = open.at(-1)?.tree;
    const value = quoted ?? plain;
    if (parent === undefined || parent.has(key)) return undefined;
    const tree: Tree = new Map();
    parent.set(key, value ?? tree);
    if (value === undefined) open.push({ indent: spaces.length, tree });
  }
  return root.size > 0 ? root : undefined;
}
