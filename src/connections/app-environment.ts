// Apps from the environment: OAUTHCTL_<PROVIDER>_CLIENT_ID, …_CLIENT_SECRET, …_CLIENT_SECRET_FILE. Never stored.
import { CliError } from '../errors.ts';
import { environmentName } from '../model/names.ts';
import type { Env, Files } from '../model/ports.ts';
import type { Provider } from '../model/provider.ts';
import { providerForApp } from '../model/provider-for-app.ts';
import { Secret } from '../model/secret.ts';
import { clientIdProblem, clientSecretProblem } from './app-values.ts';
import { filing } from './provider-book.ts';
import type { Workspace } from './workspace.ts';

export interface EnvironmentApp {
  readonly clientId: string | undefined;
  readonly clientSecret: Secret | undefined;
}

export function clientIdVariable(provider: string): string {
  return `OAUTHCTL_${environmentName(provider)}_CLIENT_ID`;
}

/** Undefined when none of the three names is set. Throws `invalid_value` naming the variable that cannot be used. */
export async function appFromEnvironment(
  workspace: Workspace,
  provider: Provider,
): Promise<EnvironmentApp | undefined> {
  const { env } = workspace.system;
  const idName = clientIdVariable(provider.id);
  const clientId = env.get(idName)?.trim();
  const idProblem = clientId === undefined ? undefined : problemForEveryKind(provider, clientId);
  if (idProblem !== undefined) throw unusable(idName, idProblem);
  const clientSecret = await secretFromEnvironment(workspace, provider);
  return clientId === undefined && clientSecret === undefined ? undefined : { clientId, clientSecret };
}

/** The environment does not say of which kind the app is: an id that one of them takes is good. */
function problemForEveryKind(provider: Provider, clientId: string): string | undefined {
  const problems = provider.kinds.map(({ id }) => clientIdProblem(providerForApp(provider, id, null), clientId));
  return problems.includes(undefined) ? undefined : problems[0];
}

async function secretFromEnvironment(workspace: Workspace, provider: Provider): Promise<Secret | undefined> {
  const { env, files } = workspace.system;
  const name = `OAUTHCTL_${environmentName(provider.id)}_CLIENT_SECRET`;
  const fileName = `${name}_FILE`;
  const value = env.get(name);
  const path = env.get(fileName);
  if (value !== undefined && path !== undefined) throw unusable(fileName, `is set, and so is ${name}`);
  const text = path === undefined ? value : await readSecretFile(files, path, fileName, (line) => workspace.warn(line));
  if (text === undefined) return undefined;
  // A file ends with a line feed.
  const secret = text.trim();
  const problem = clientSecretProblem(provider, secret);
  if (problem !== undefined) throw unusable(path === undefined ? name : fileName, problem);
  return new Secret(secret);
}

async function readSecretFile(
  files: Files,
  named: string,
  variable: string,
  warn: (message: string) => void,
): Promise<string> {
  const path = files.resolve(named);
  const read = await filing(path, () => files.readNamed(path));
  if (read === undefined) throw unusable(variable, `names ${path}, which is not there`);
  if (read.worldReadable) warn(readByAll(path));
  return read.text;
}

function readByAll(path: string): string {
  return `${path} holds a client secret, and everybody on this machine can read it`;
}

function unusable(variable: string, why: string): CliError {
  return new CliError('invalid_value', `${variable} ${why}`, { hint: `set ${variable} anew, or unset it` });
}

/**
 * The environment with the app names of a dotenv file (`--env-file`) before it. Nothing else is taken from the file: it
 * cannot name a key source, a store or a folder. Node has read the same flag by then, wherever it stands among the
 * arguments (https://github.com/nodejs/node/issues/54232), so what came from the file is taken out again.
 */
export async function withEnvFile(env: Env, files: Files, file: string, warn: (message: string) => void): Promise<Env> {
  const path = files.resolve(file);
  const read = await filing(path, () => files.readNamed(path));
  if (read === undefined)
    throw new CliError('invalid_value', `there is no file ${path}`, { hint: 'name another with --env-file' });
  const inFile = variablesIn(read.text);
  const values = new Map([...inFile].filter(([name]) => appVariable.test(name)));
  if (read.worldReadable && [...values.keys()].some((name) => name.endsWith('_CLIENT_SECRET'))) warn(readByAll(path));
  const outside = (name: string) => (env.get(name) === inFile.get(name) ? undefined : env.get(name));
  return { ...env, get: (name) => values.get(name) ?? outside(name) };
}

const appVariable = /^OAUTHCTL_[A-Z0-9_]+_CLIENT_(?:ID|SECRET|SECRET_FILE)$/;

function variablesIn(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/s.exec(line.trim());
    const value = unquoted(match?.[2] ?? '');
    if (match?.[1] !== undefined && value !== '') values.set(match[1], value);
  }
  return values;
}

/** `'…'` and `"…"` are taken as they stand between the quotes; a comment follows a space and `#`. */
function unquoted(value: string): string {
  const quoted = /^(["'])(.*?)\1(\s+#.*)?$/s.exec(value);
  const comment = value.search(/(?:^|\s)#/);
  return quoted?.[2] ?? (comment === -1 ? value : value.slice(0, comment).trimEnd());
}
