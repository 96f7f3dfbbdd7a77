// What is answered without loading the program: `--version`, and `token NAME` when the token at rest is fresh.
// Anything else, and anything unusual, is left to the slow way, which also finds the words for what is wrong.
import { isFresh } from './connections/lifetimes.ts';
import { roleTokens } from './connections/role-tokens.ts';
import { tokensFromJson } from './connections/tokens-at-rest.ts';
import { readFastSettings } from './model/fast-settings.ts';
import { isJsonObject } from './model/json.ts';
import { parseConnectionName } from './model/names.ts';
import { resolvePaths } from './model/paths.ts';
import type { Env, Files } from './model/ports.ts';
import { Secret } from './model/secret.ts';
import { type KeyFile, keyFits, parseKeyFile } from './stores/key-file.ts';
import { parseKeyText } from './stores/key-text.ts';
import { openRecord, parseRecord } from './stores/open-record.ts';
import { treeLayout } from './stores/tree-layout.ts';
import { createFastPorts } from './system/fast-ports.ts';

export interface FastWorld {
  readonly env: Env;
  readonly files: Pick<Files, 'readOwn' | 'readNamed' | 'join' | 'resolve'>;
  readonly nowAt: number;
  /** The keychain in-process: nothing is held here, so a hang may end the process. Undefined when it did not give the key. */
  keychainGet(account: string, meanwhile: () => void): Promise<Secret | undefined>;
  print(text: string): void;
}

/** What `token` takes for fresh when nobody says otherwise, seconds. */
const minValidSeconds = 60;

declare const __OAUTHCTL_VERSION__: string;

/** In the real world; `args` without node and script. */
export async function fast(args: readonly string[]): Promise<number | undefined> {
  const world = createFastPorts();
  return args.length === 1 && args[0] === '--version'
    ? printed(world, `oauthctl ${__OAUTHCTL_VERSION__}\n`)
    : answerFast(args, world);
}

/** What stdout cannot take the slow way cannot print either, and it has the words. */
function printed(world: FastWorld, text: string): number | undefined {
  try {
    world.print(text);
    return 0;
  } catch {
    return undefined;
  }
}

/** The exit code, or undefined when the slow way must answer. */
export async function answerFast(args: readonly string[], world: FastWorld): Promise<number | undefined> {
  const [command, name, ...rest] = args;
  if (command !== 'token' || name === undefined || name.startsWith('-') || rest.length > 0) return undefined;
  try {
    const token = await freshToken(name, world);
    return token === undefined ? undefined : printed(world, `${token.reveal()}\n`);
  } catch {
    // Whatever it was, the slow way meets it again and says it properly.
    return undefined;
  }
}

/** Another key may be meant, something required of it, or something owed to a receiver. */
const namedOutside = ['OAUTHCTL_KEY_SOURCE', 'OAUTHCTL_REQUIRE_PROTECTION', 'OAUTHCTL_WRITE_BACK'] as const;

async function freshToken(name: string, world: FastWorld): Promise<Secret | undefined> {
  const { env, files } = world;
  const paths = resolvePaths({}, env, files);
  if (namedOutside.some((name) => env.get(name) !== undefined)) return undefined;
  const settings = await readFastSettings(files, paths.config);
  if (settings === undefined) return undefined;
  const layout = treeLayout(files, paths.data);
  const ref = { kind: 'connections', name: parseConnectionName(name).text } as const;
  const [keyText, recordText] = await Promise.all([
    files.readOwn(layout.keyFile),
    files.readOwn(layout.recordFile(ref)),
  ]);
  if (keyText === undefined || recordText === undefined) return undefined;
  const record = parseRecord(recordText, ref);
  // Looked at before the key is fetched: a token that has ended is the slow way's, and one prompt is enough.
  if (!maybeFresh(record.facts.access_token, world.nowAt) || record.facts.spending !== null) return undefined;
  // A refused grant may have ended with its access token, which is asked about.
  if (record.facts.refused !== null) return undefined;
  const keyFile = parseKeyFile(keyText, layout.keyFile);
  if (settings.keySource !== undefined && settings.keySource !== sourceText(keyFile)) return undefined;
  const bytes = await keyOf(keyFile, world);
  if (bytes === undefined || !keyFits(keyFile, bytes)) return undefined;
  const held = roleTokens(tokensFromJson(openRecord(record, { kid: keyFile.kid, bytes }), ref.name));
  const fresh = held.expiresAt !== null && isFresh(held, null, { trustSeconds: 0 }, minValidSeconds, world.nowAt);
  return fresh && held.access !== null ? held.access : undefined;
}

/** As the settings write it. */
function sourceText({ source }: KeyFile): string {
  return source.type === 'file' ? `file:${source.path}` : source.type;
}

function maybeFresh(facts: unknown, nowAt: number): boolean {
  if (!isJsonObject(facts) || typeof facts.expires_at !== 'string') return false;
  return Date.parse(facts.expires_at) > nowAt;
}

async function keyOf(keyFile: KeyFile, { env, files, keychainGet }: FastWorld): Promise<Secret | undefined> {
  const fromEnv = env.get('OAUTHCTL_KEY');
  if (fromEnv !== undefined) return parseKeyText(fromEnv);
  const path = env.get('OAUTHCTL_KEY_FILE') ?? (keyFile.source.type === 'file' ? keyFile.source.path : undefined);
  if (path !== undefined) {
    const file = await files.readNamed(path);
    // A key that others can read is warned about, by the slow way.
    return file === undefined || file.worldReadable ? undefined : parseKeyText(file.text);
  }
  // A passphrase is asked for, and a program is run, by the slow way only.
  if (keyFile.source.type !== 'keychain') return undefined;
  // Loading the ciphers takes as long as the keychain takes to answer, so a key that cannot fit is tried meanwhile.
  const noKey = () => new Secret(Buffer.alloc(32).toString('base64'));
  const text = await keychainGet(`seal-key/${keyFile.kid}`, () => void keyFits(keyFile, noKey()));
  return text === undefined ? undefined : parseKeyText(text.reveal());
}
