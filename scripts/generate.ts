// Writes what follows from the folders: the indexes of commands and providers, completions/, docs/json.md, docs/providers/,
// docs/sandbox-switches.md.
// `--check` writes nothing and fails, naming what is stale.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import type { CommandDefinition } from '../src/model/command.ts';
import type { JsonObject } from '../src/model/json.ts';
import type { Provider } from '../src/model/provider.ts';
import { completionScripts } from '../src/ui/completion-scripts.ts';
import { jsonPage } from './json-page.ts';
import { providerPage } from './provider-page.ts';
import { sandboxPage } from './sandbox-page.ts';

export interface ReadCommand {
  /** Without extension: `app-set`. */
  readonly file: string;
  readonly definition: CommandDefinition;
  /** Schema of `data`; a group of commands has none. */
  readonly answer: JsonObject | undefined;
}

const root = process.cwd();
const read = (path: string) => {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
};

/** Evaluates a few exports of src without running, or even resolving, what stands behind them. */
async function evaluate<T>(code: string): Promise<T> {
  const entry = '\0generate';
  const bundle = await rolldown({
    input: entry,
    platform: 'node',
    treeshake: { moduleSideEffects: false },
    plugins: [
      {
        name: 'data-only',
        resolveId(id, importer) {
          if (id === entry || id.startsWith('/')) return id;
          const path = id.startsWith('.') && importer !== undefined ? join(dirname(importer), id) : undefined;
          return path !== undefined && /\/src\/((commands|model|ui|providers|sandbox)\/|errors\.ts$)/.test(path)
            ? path
            : { id, external: true };
        },
        // As it will be: on disk it may be stale, or not there.
        load: (id) => (id === entry ? code : id === join(root, sandboxIndexPath) ? sandboxIndex() : undefined),
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  const evaluated = (await import(`data:text/javascript,${encodeURIComponent(output[0].code)}`)) as { found: T };
  return evaluated.found;
}

async function readCommands(): Promise<readonly ReadCommand[]> {
  const folder = join(root, 'src/commands');
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.startsWith('generated-'))
    .sort();
  const imports = files.map((name, index) => {
    const isGroup = !/^export async function run\b/m.test(readFileSync(join(folder, name), 'utf8'));
    const names = [`definition as d${index}`, ...(isGroup ? [] : [`answer as a${index}`])];
    return {
      line: `import { ${names.join(', ')} } from ${JSON.stringify(join(folder, name))};`,
      entry: `{ file: ${JSON.stringify(basename(name, '.ts'))}, definition: d${index}, answer: ${isGroup ? 'undefined' : `a${index}`} }`,
    };
  });
  const lines = imports.map(({ line }) => line).join('\n');
  const found = imports.map(({ entry }) => entry).join(', ');
  const commands = await evaluate<ReadCommand[]>(`${lines}\nexport const found = [${found}];`);
  const words = ({ definition }: ReadCommand) => definition.path.join(' ');
  // A group stands before the commands in it: the tree is built in this order.
  return commands.sort((a, b) => (words(a) < words(b) ? -1 : 1));
}

async function readProviders(): Promise<readonly Provider[]> {
  const folder = join(root, 'src/providers');
  const ids = readdirSync(folder).filter((name) => read(join('src/providers', name, 'dialect.ts')) !== undefined);
  const lines = ids.map(
    (id, at) => `import { provider as p${at} } from ${JSON.stringify(join(folder, id, 'dialect.ts'))};`,
  );
  return evaluate(`${lines.join('\n')}\nexport const found = [${ids.map((_, at) => `p${at}`).join(', ')}];`);
}

export interface SandboxFacts {
  readonly groups: readonly {
    readonly title: string;
    readonly switches: readonly { readonly usage: string; readonly says: string; readonly once: boolean }[];
  }[];
  readonly addresses: readonly { readonly address: string; readonly methods: string; readonly place: string }[];
}

async function readSandbox(): Promise<SandboxFacts> {
  const folder = join(root, 'src/sandbox');
  const groups = [
    ['Of every server', 'transport-switches.ts'],
    ['Of every authorization server', 'authority/authority-switches.ts'],
    ...sandboxFamilies().map((name) => [`Of ${name} alone`, `${name}/switches.ts`] as const),
  ] as const;
  const lines = groups.map(([, file], at) => `import * as g${at} from ${JSON.stringify(join(folder, file))};`);
  const found = groups.map(
    ([title], at) => `{ title: ${JSON.stringify(title)}, table: Object.values(g${at}).find(Array.isArray) }`,
  );
  return evaluate(`${lines.join('\n')}
import { switchUsage } from ${JSON.stringify(join(folder, 'switches.ts'))};
import { servedAddresses } from ${JSON.stringify(join(folder, 'families.ts'))};
export const found = {
  groups: [${found.join(', ')}].map(({ title, table }) => ({
    title,
    switches: table.map((definition) => ({ usage: switchUsage(definition), says: definition.says, once: definition.once === true })),
  })),
  addresses: servedAddresses().map(({ host, route }) => ({
    address: 'https://' + host + route.path, methods: route.methods.join(' '), place: route.place,
  })),
};`);
}

function commandIndex(commands: readonly ReadCommand[]): string {
  const entries = commands.map(({ file, definition, answer }) => {
    const load = answer === undefined ? '' : `, load: () => import('./${file}.ts')`;
    return `  { definition: ${JSON.stringify(definition)}${load} },\n`;
  });
  return `// Generated from the files of src/commands by scripts/generate.ts. Do not edit.
import type { CommandEntry } from '../context.ts';

export const commands: readonly CommandEntry[] = [
${entries.join('')}];
`;
}

function providerIndex(providers: readonly Provider[]): string {
  const key = (id: string) => (/^[a-z]+$/.test(id) ? id : `'${id}'`);
  const entries = providers.map(({ id }) => `  ${key(id)}: () => import('./${id}/dialect.ts'),\n`);
  return `// Generated from the folders of src/providers by scripts/generate.ts. Do not edit.
import type { Provider } from '../model/provider.ts';

export const shippedProviders: Readonly<Record<string, () => Promise<{ provider: Provider }>>> = {
${entries.join('')}};
`;
}

const sandboxIndexPath = 'src/sandbox/generated-index.ts';

/** A folder of the sandbox is a family when it has switches of its own; NAME/NAME.ts is the family. */
function sandboxFamilies(): readonly string[] {
  return readdirSync(join(root, 'src/sandbox')).filter(
    (name) => read(join('src/sandbox', name, 'switches.ts')) !== undefined,
  );
}

function sandboxIndex(): string {
  const names = sandboxFamilies();
  const imports = names.flatMap((name) => [
    `import { ${name} } from './${name}/${name}.ts';`,
    `import { ${name}Switches } from './${name}/switches.ts';`,
  ]);
  return `// Generated from the folders of src/sandbox by scripts/generate.ts. Do not edit.
import type { ProviderFamily } from './call.ts';
${imports.join('\n')}
import type { SwitchDefinition } from './switches.ts';

export const families: readonly ProviderFamily[] = [${names.join(', ')}];

export const familySwitches = [
${names.map((name) => `  ...${name}Switches,\n`).join('')}] as const satisfies readonly SwitchDefinition[];
`;
}

async function generate(): Promise<ReadonlyMap<string, string>> {
  const commands = await readCommands();
  const providers = await readProviders();
  const made = new Map([
    ['src/commands/generated-index.ts', commandIndex(commands)],
    ['src/providers/generated-index.ts', providerIndex(providers)],
    [sandboxIndexPath, sandboxIndex()],
    ['docs/json.md', jsonPage(commands)],
    ['docs/sandbox-switches.md', sandboxPage(await readSandbox())],
  ]);
  for (const { file, text } of Object.values(completionScripts)) made.set(join('completions', file), text);
  for (const provider of providers) made.set(join('docs/providers', `${provider.id}.md`), providerPage(provider));
  return made;
}

/** Files in folders that hold nothing but what is generated. */
function leftOver(made: ReadonlyMap<string, string>): readonly string[] {
  return ['completions', 'docs/providers'].flatMap((folder) => {
    mkdirSync(join(root, folder), { recursive: true });
    return readdirSync(join(root, folder))
      .map((name) => join(folder, name))
      .filter((path) => !made.has(path));
  });
}

const made = await generate();
const stale = [...[...made].filter(([path, text]) => read(path) !== text).map(([path]) => path), ...leftOver(made)];
if (process.argv.includes('--check')) {
  for (const path of stale) process.stderr.write(`stale: ${path} (npm run generate)\n`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const path of stale) {
    const text = made.get(path);
    if (text === undefined) rmSync(join(root, path));
    else {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    process.stderr.write(`${text === undefined ? 'removed' : 'wrote'} ${path}\n`);
  }
}
