// Which room may import which, and why not the others. A new room is a new row; a missing row is a failure.
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { importsOf, readSources, roomOf, type SourceFile } from './source.ts';

interface Room {
  readonly imports: readonly string[];
  /** npm packages, and `node:` modules by name; `node:*` is any of them. */
  readonly packages?: readonly string[];
  /** Why the door is shut, by what somebody may want behind it; `*` for all the rest. */
  readonly never: Readonly<Record<string, string>>;
}

const everything = 'ties the rooms together and may see all of them';

const rooms: Readonly<Record<string, Room>> = {
  errors: { imports: [], never: { '*': 'every room throws CliError, so it can depend on none' } },
  model: {
    imports: ['errors'],
    never: {
      '*': 'values, ports and parsers that every room shares: a package or a node: module here would be everywhere',
    },
  },
  providers: {
    imports: ['model'],
    never: { '*': 'data that survives a JSON round trip, as a user-supplied provider must' },
  },
  oauth: {
    imports: ['model', 'errors'],
    packages: ['openid-client'],
    never: {
      stores: 'the protocol hands tokens over; where they rest is not its business',
      ui: 'flows speak through ports, so that they run without a terminal',
      system: 'the wire, the clock and the browser arrive as ports, so that tests are exact',
      sandbox: 'a client that knows its fake proves nothing',
      '*': 'the protocol stands alone',
    },
  },
  stores: {
    imports: ['model', 'errors'],
    packages: ['node:crypto', 'jose'],
    never: {
      oauth: 'a record at rest does not know how its tokens came',
      ui: 'errors carry the words; main prints them',
      system: 'files, keychain and random arrive as ports, so that faults can be injected',
      '*': 'read on the fast path: everything imported here is paid for at each start',
    },
  },
  audit: {
    imports: ['model', 'errors'],
    packages: ['node:crypto'],
    never: {
      oauth: 'what is logged is decided by the caller, never taken from the wire',
      stores: 'the trail must be readable when the records are not',
      ui: 'the trail is for machines',
      system: 'files, clock and random arrive as ports',
      '*': 'the trail stands alone',
    },
  },
  connections: {
    imports: ['model', 'errors', 'providers', 'oauth', 'stores', 'audit'],
    never: {
      ui: 'verbs return values; commands choose the words',
      commands: 'commands call verbs, never the other way',
      system: 'a verb works on the workspace it is given, so that tests give it another',
      '*': 'what is not a verb on a connection belongs elsewhere',
    },
  },
  commands: {
    imports: ['model', 'errors', 'context', 'connections', 'providers', 'audit', 'ui'],
    never: {
      commander: 'a command is data plus run(), so that help and completions come without a parser',
      oauth: 'the verbs of connections hold the lock, the trail and the exit codes; a shortcut past them loses grants',
      stores: 'as oauth: records are read and written by the verbs',
      system: 'the context carries the ports',
      commands: 'two commands that share something share a verb',
      '*': 'a command parses, calls a verb, and shows the answer',
    },
  },
  ui: {
    imports: ['model', 'errors'],
    packages: ['chalk', 'cli-table3'],
    never: {
      connections: 'shows what it is given',
      oauth: 'as connections',
      stores: 'as connections',
      '*': 'words and tables only',
    },
  },
  system: {
    imports: ['model', 'errors'],
    packages: ['node:*', 'open', '@inquirer/prompts', '@napi-rs/keyring'],
    never: { '*': 'implements the ports; it knows no OAuth, and nobody but main plugs it in' },
  },
  sandbox: {
    imports: ['model', 'errors'],
    packages: ['node:crypto'],
    never: {
      providers: "a fake that reads the client's own tables proves nothing",
      oauth: 'as providers',
      connections: 'as providers',
      '*': 'a server of its own',
    },
  },
  main: { imports: ['*'], packages: ['*'], never: { '*': everything } },
  fast: { imports: ['*'], packages: ['*'], never: { '*': everything } },
  'fast-list': { imports: ['*'], packages: ['*'], never: { '*': everything } },
  program: { imports: ['*'], packages: ['*'], never: { '*': everything } },
  context: { imports: ['*'], packages: ['*'], never: { '*': everything } },
  'start-sandbox': { imports: ['*'], packages: ['*'], never: { '*': everything } },
  'under-sandbox': { imports: ['*'], packages: ['*'], never: { '*': everything } },
};

/**
 * Packages that one room may import in these files alone. `jose` comes along with openid-client: key agreement and key wrapping of
 * exports are its work, not ours, while records on the quick path are sealed with node:crypto, which is loaded anyway.
 */
const only: Readonly<Record<string, readonly string[]>> = {
  jose: ['src/stores/export-envelope.ts', 'src/stores/recipient-key.ts'],
};

/** One file of a room that may look through one door more. */
const exceptions: Readonly<Record<string, readonly string[]>> = {
  'src/commands/sandbox.ts': ['sandbox'],
};

const targetOf = (file: SourceFile, specifier: string) =>
  specifier.startsWith('.') ? roomOf(join(dirname(file.path), specifier)) : specifier;

function isAllowed(file: SourceFile, room: Room, specifier: string): boolean {
  const target = targetOf(file, specifier);
  if (!specifier.startsWith('.')) {
    const allowed = room.packages ?? [];
    const files = only[target];
    if (files !== undefined && !files.includes(file.path)) return false;
    const wildcard = target.startsWith('node:') ? 'node:*' : '*';
    return allowed.includes(target) || allowed.includes(wildcard) || allowed.includes('*');
  }
  if (target === roomOf(file.path)) return file.generated || !(target in room.never);
  return [...room.imports, ...(exceptions[file.path] ?? [])].some((name) => name === target || name === '*');
}

function complaint(file: SourceFile, room: Room, specifier: string): string {
  return `imports ${specifier}: ${room.never[targetOf(file, specifier)] ?? room.never['*']}`;
}

const sources = readSources('src');

test('every room of src has its row, and no row is without a room', () => {
  expect(Object.keys(rooms).sort()).toEqual([...new Set(sources.map((file) => roomOf(file.path)))].sort());
});

test.each(Object.entries(rooms))('%s imports only what it may', (name, room) => {
  const complaints = sources
    .filter((file) => roomOf(file.path) === name)
    .flatMap((file) =>
      importsOf(file)
        .filter(({ specifier }) => !isAllowed(file, room, specifier))
        .map(({ specifier, where }) => `${where} ${complaint(file, room, specifier)}`),
    );
  expect(complaints).toEqual([]);
});

test('one room imports each outside package, so that it can be replaced in one place', () => {
  const users = new Map<string, Set<string>>();
  for (const file of sources)
    for (const { specifier } of importsOf(file).filter(({ specifier }) => /^[^.]/.test(specifier)))
      if (!specifier.startsWith('node:'))
        users.set(specifier, (users.get(specifier) ?? new Set()).add(roomOf(file.path)));
  expect([...users].filter(([, by]) => by.size > 1).map(([name, by]) => `${name}: ${[...by].join(', ')}`)).toEqual([]);
});
