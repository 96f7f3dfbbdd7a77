// Receivers of a bundle: a file, a folder with one file per connection, or a program that reads it from its standard input.
import { CliError } from '../errors.ts';
import { fileWords } from '../model/file-words.ts';
import { type Files, isFileError } from '../model/ports.ts';
import { isOlder } from '../model/record-state.ts';
import type { Receiving } from '../model/write-back.ts';
import { recordFileName } from '../stores/tree-layout.ts';
import { isBundle, parseBundle } from './bundle.ts';
import { programPath } from './program-path.ts';
import type { Workspace } from './workspace.ts';

export interface Receiver {
  /** For people: "the file …", "the command …". */
  readonly words: string;
  /**
   * Before anything is spent. `now`: the bundle as it stands; undefined before the first sign-in. Throws where the receiver could not take
   * the next one, or holds what the next one would destroy.
   */
  prove(now: string | undefined): Promise<void>;
  /** Throws `store_unavailable`, saying why. */
  take(text: string): Promise<void>;
}

export function receiverOf(workspace: Workspace, name: string, to: Receiving): Receiver {
  return to.kind === 'command' ? commandReceiver(workspace, name, to) : fileReceiver(workspace, name, to);
}

/** The environment that the program runs in tells it which connection it is given. */
const nameVariable = 'OAUTHCTL_WRITE_BACK_NAME';
const commandDeadlineMs = 30_000;

function commandReceiver(
  { system }: Workspace,
  name: string,
  { argv }: Extract<Receiving, { kind: 'command' }>,
): Receiver {
  const [program, ...args] = argv;
  const words = `the command '${program}'`;
  const found = async () => {
    const path = await programPath(system, program);
    if (path !== undefined) return path;
    throw refused(`${words} is not to be found, or cannot be run`, 'install it, or name it with its folder');
  };
  return {
    words,
    prove: async () => void (await found()),
    async take(input) {
      const request = { argv: [await found(), ...args] as const, input, env: { [nameVariable]: name } };
      const ran = await system.spawn({ ...request, timeoutMs: commandDeadlineMs });
      if (ran.kind === 'ended' && ran.exit === 0) return;
      throw refused(`${words} ${fate(ran)}`, 'run it by hand to see why');
    },
  };
}

function fate(ran: Awaited<ReturnType<Workspace['system']['spawn']>>): string {
  switch (ran.kind) {
    case 'ended':
      return `ended with ${ran.exit}`;
    case 'not_started':
      return `could not be started (${ran.why})`;
    case 'killed':
      return `was ended by ${ran.signal}`;
    case 'timed_out':
      return `did not end within ${commandDeadlineMs / 1000} seconds`;
    case 'too_long':
      return 'printed more than it may';
  }
}

function refused(message: string, hint: string): CliError {
  return new CliError('store_unavailable', message, { hint });
}

/** A write that fails is tried again after these pauses. */
const writePausesMs = [100, 400, 1_500];

function fileReceiver(
  { system: { files, clock } }: Workspace,
  name: string,
  to: Extract<Receiving, { kind: 'path' }>,
): Receiver {
  return {
    words: to.path,
    prove: (now) =>
      overReceiver(async () => {
        const file = await placeFor(files, name, to);
        const there = await contentOf(files, file);
        mustNotDestroy(file, there, name, now);
        if (now === undefined) return tryToWrite(files, file, there);
        // What stands is written as what comes will be. Of two connections that meet one new file, one makes it and the other sees whose it is.
        if (!(await files.createOwn(file, now))) {
          mustNotDestroy(file, await contentOf(files, file), name, now);
          await files.replaceOwn(file, now);
        }
        if ((await files.readNamed(file))?.text !== now)
          throw refused(`what is written to ${file} does not read back`, `look at the disk of ${file}`);
      }),
    take: (text) =>
      overReceiver(async () => {
        const file = await placeFor(files, name, to);
        mustNotDestroy(file, await contentOf(files, file), name, text);
        for (const pause of [...writePausesMs, null]) {
          try {
            return await files.replaceOwn(file, text);
          } catch (error) {
            if (pause === null) throw error;
            await clock.sleep(pause);
          }
        }
      }),
  };
}

async function tryToWrite(files: Files, file: string, there: string | undefined): Promise<void> {
  if (there !== undefined) return files.replaceOwn(file, there);
  if (await files.createOwn(file, '')) await files.remove(file);
}

async function overReceiver<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!isFileError(error)) throw error;
    const { why, hint } = fileWords(error);
    throw new CliError('store_unavailable', `${error.path} cannot be written: ${why}`, { hint, cause: error });
  }
}

/** Makes the folder where it is missing; one that is there is left as it is. */
async function placeFor(files: Files, name: string, { path, isFolder }: Extract<Receiving, { kind: 'path' }>) {
  const asFolder = isFolder || (await files.facts(path))?.kind === 'folder';
  const folder = asFolder ? path : files.join(path, '..');
  if ((await files.facts(folder)) === undefined) await files.ensureFolder(folder);
  return asFolder ? files.join(path, recordFileName(name)) : path;
}

async function contentOf(files: Files, file: string): Promise<string | undefined> {
  const facts = await files.facts(file);
  if (facts === undefined) return undefined;
  if (facts.kind !== 'file')
    throw refused(`${file} is no file, so nothing is written in its place`, 'name another file');
  return (await files.readNamed(file))?.text;
}

/** An empty file is nobody's. */
function mustNotDestroy(file: string, content: string | undefined, name: string, now: string | undefined): void {
  if (content === undefined || content.trim() === '') return;
  if (!isBundle(content)) throw refused(`${file} holds something else, which is left as it is`, 'name another file');
  const there = parseBundle(content, file);
  if (there.name !== name) {
    throw refused(
      `${file} holds '${there.name}', which '${name}' would take the place of`,
      `name a folder, for one file each: --write-back ${file}.d/`,
    );
  }
  if (now === undefined) {
    throw refused(
      `${file} holds '${name}' already, which this data folder does not know`,
      `oauthctl import ${file}; or remove it, if that grant has ended`,
    );
  }
  const ours = parseBundle(now, 'the connection');
  if (there.tree !== ours.tree) {
    throw refused(`${file} holds '${name}' as another data folder knows it`, 'name another file');
  }
  if (isOlder(ours.state, there.state)) {
    throw refused(
      `${file} holds a newer '${name}' than this data folder: what is here may have been used up`,
      `oauthctl import ${file}`,
    );
  }
}
