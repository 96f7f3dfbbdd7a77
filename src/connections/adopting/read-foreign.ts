// From what was typed to a grant of another tool: which file, in which form, and which of several in it.
import { CliError } from '../../errors.ts';
import { fileWords } from '../../model/file-words.ts';
import { isJsonObject, parseJson } from '../../model/json.ts';
import { type Env, type Files, isFileError } from '../../model/ports.ts';
import type { Again } from '../../model/typed-again.ts';
import { claimsOf } from '../../stores/export-envelope.ts';
import type { Workspace } from '../workspace.ts';
import { type ForeignFile, type ForeignGrant, notAdopted, secretIn } from './foreign-grant.ts';
import { ghToken, readGhHosts } from './gh-hosts.ts';
import { readRcloneConf } from './rclone-conf.ts';
import { readTokenFile } from './token-file.ts';

export interface ForeignRequest {
  /** A tool, a file, or `-`. */
  readonly from: string;
  /** With a tool: its file, when it is not in the usual place. */
  readonly file: string | undefined;
  readonly provider: string;
  readonly entry: string | undefined;
  /** As it was typed, for hints. */
  readonly again: Again;
}

export interface FoundGrant {
  readonly grant: ForeignGrant;
  /** The tool, or `file`. */
  readonly tool: string;
  readonly what: string;
  /** Absolute; null when it came through standard input. */
  readonly path: string | null;
  /** The file holds nothing else. */
  readonly isForOne: boolean;
}

type Place = (env: Env, files: Files) => string;

const inHome: (windows: string, ...others: string[]) => Place =
  (windows, ...others) =>
  (env, files) => {
    const roaming = env.get('APPDATA') ?? files.join(env.homeFolder, 'AppData', 'Roaming');
    const config = env.get('XDG_CONFIG_HOME') ?? files.join(env.homeFolder, '.config');
    return env.platform === 'win32' ? files.join(roaming, windows) : files.join(config, ...others);
  };

const namedBy =
  (variable: string, file: string, otherwise: Place): Place =>
  (env, files) => {
    const folder = env.get(variable);
    if (folder === undefined) return files.join(otherwise(env, files), file);
    return file === '' ? folder : files.join(folder, file);
  };

/**
 * Where each tool keeps its grants. gcloud: https://cloud.google.com/docs/authentication/application-default-credentials#personal;
 * it does not follow XDG, whose usual place is the same. gh: https://cli.github.com/manual/gh_help_environment. rclone: https://rclone.org/docs/#config-file
 */
const places: Readonly<Record<string, Place>> = {
  gcloud: namedBy('CLOUDSDK_CONFIG', 'application_default_credentials.json', inHome('gcloud', 'gcloud')),
  gh: namedBy('GH_CONFIG_DIR', 'hosts.yml', inHome('GitHub CLI', 'gh')),
  rclone: namedBy('RCLONE_CONFIG', '', (env, files) =>
    files.join(inHome('rclone', 'rclone')(env, files), 'rclone.conf'),
  ),
};

/** Throws `invalid_value` saying what the file is, and `usage` where one of several must be chosen. */
export async function readForeign(workspace: Workspace, request: ForeignRequest): Promise<FoundGrant> {
  const { from, provider } = request;
  const { env, files, streams } = workspace.system;
  const tool = Object.hasOwn(places, from) ? from : 'file';
  if (tool === 'file' && request.file !== undefined) {
    throw new CliError('usage', `--from names the file already: '${from}'`, {
      hint: `oauthctl import --from ${from} --provider ${provider}`,
    });
  }
  const named = tool === 'file' ? from : (request.file ?? places[from]?.(env, files) ?? from);
  const path = named === '-' ? null : files.resolve(named);
  const text = path === null ? await streams.readInput() : await readPlain(workspace, path, provider);
  const { what, grants, isForOne } = understand(text.replace(/^\uFEFF/, ''), tool, provider);
  const grant = choose(grants, request);
  // RFC 6749 §A.12, §A.17: it goes into a header or a form as it is.
  for (const token of [grant.access, grant.refresh]) {
    if (token === null || /^[\x21-\x7e]+$/.test(token.reveal())) continue;
    throw notAdopted(`${what} holds white space or characters that no token has`, `oauthctl connect ${provider}`);
  }
  if (grant.client.kind === 'not_told' && tool !== 'file')
    throw notAdopted(`${what} names no client`, `oauthctl connect ${provider}`);
  return { grant, tool, what, path, isForOne };
}

async function readPlain(workspace: Workspace, path: string, provider: string): Promise<string> {
  try {
    const file = await workspace.system.files.readNamed(path);
    if (file === undefined) throw notAdopted(`there is no file ${path}`, `oauthctl connect ${provider}`);
    if (file.worldReadable) workspace.warn(`${path} opens an account, and everybody on this machine can read it`);
    return file.text;
  } catch (error) {
    if (!isFileError(error)) throw error;
    if (error.fileError !== 'not_text') {
      throw new CliError('invalid_value', `${path} cannot be used: ${fileWords(error).why}`, {
        hint: fileWords(error).hint,
        cause: error,
      });
    }
    // https://cloud.google.com/sdk/docs/authorizing: credentials.db is SQLite.
    throw notAdopted(
      `${path} is not text; databases such as gcloud's credentials.db are not read`,
      'gcloud auth application-default login writes a file that is',
    );
  }
}

/** By its content; a tool that was named must have written it. */
function understand(text: string, tool: string, provider: string): ForeignFile {
  const line = text.trim();
  // It looks like a token, and must not be shown to a provider as one.
  if (claimsOf(line) !== undefined) throw notAdopted('the file is an export of oauthctl', 'oauthctl import FILE');
  const json = parseJson(text);
  if (isJsonObject(json) && (tool === 'file' || tool === 'gcloud'))
    return readTokenFile(json, provider, tool === 'gcloud');
  if (tool === 'gh' && /^\w+$/.test(line))
    return { what: 'a token of gh', isForOne: true, grants: [ghToken(line, provider)] };
  const file =
    (tool === 'gh' || tool === 'file' ? readGhHosts(text, provider) : undefined) ??
    (tool === 'rclone' || tool === 'file' ? readRcloneConf(text, provider) : undefined);
  if (file !== undefined) return file;
  // RFC 6749 §A.12; a token alone, as a pipe brings it.
  if (tool === 'file' && /^[\x21-\x7e]{8,8192}$/.test(line)) return bareToken(line);
  const wanted = tool === 'file' ? 'it is none of the forms that are known' : `it is not what ${tool} writes`;
  throw notAdopted(`the file cannot be adopted: ${wanted}`, `oauthctl connect ${provider}`);
}

function bareToken(line: string): ForeignFile {
  const nothing = {
    host: null,
    refresh: null,
    idToken: null,
    expiresAt: null,
    scopes: null,
    accountName: null,
    entry: null,
  };
  const grant: ForeignGrant = { ...nothing, client: { kind: 'not_told' }, access: secretIn(line), tokenType: 'Bearer' };
  return { what: 'a token', isForOne: true, grants: [grant] };
}

function choose(grants: readonly ForeignGrant[], { entry, again }: ForeignRequest): ForeignGrant {
  const names = grants.map((grant) => grant.entry ?? '').join(', ');
  const fitting = entry === undefined ? grants : grants.filter((grant) => grant.entry === entry);
  const [only, ...more] = fitting;
  if (only !== undefined && more.length === 0) return only;
  const what = only === undefined ? `the file holds no '${entry}', only: ${names}` : `the file holds several: ${names}`;
  throw new CliError('usage', what, {
    hint: again({ entry: only === undefined ? (grants[0]?.entry ?? undefined) : 'NAME' }),
  });
}
