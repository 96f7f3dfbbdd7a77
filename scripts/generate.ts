// Writes what follows from the folders: the indexes of commands and providers, completions/, docs/json.md, docs/providers/.
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
          return path !== undefined && /\/src\/(commands|model|ui|providers)\//.test(path)
            ? path
            : { id, external: true };
        },
        load: (id) => (id === entry ? code : undefined),
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

async function generate(): Promise<ReadonlyMap<string, string>> {
  const commands = await readCommands();
  const providers = await readProviders();
  const made = new Map([
    ['src/commands/generated-index.ts', commandIndex(commands)],
    ['src/providers/generated-index.ts', providerIndex(providers)],
    ['docs/json.md', jsonPage(commands)],
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
