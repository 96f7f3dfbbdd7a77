// Bundles src into dist: one CommonJS file per entry, one chunk per lazily imported module, not minified so that traces
// stay readable. Also writes the notices of what was bundled. Built aside and swapped in, so that dist is never half there.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** What is started by itself, each in one file with chunks of its own: a file more costs half a millisecond at every start. */
const entries = {
  main: 'src/main.ts',
  fast: 'src/fast.ts',
  'fast-list': 'src/fast-list.ts',
  'keychain-child': 'src/system/keychain-child.ts',
  'start-sandbox': 'src/start-sandbox.ts',
};
/** What a quick command loads one after the other. Everything that these import goes into one chunk. */
const quick = ['src/main.ts', 'src/context.ts', 'src/commands/list.ts', 'src/stores/create-store.ts'];

/** The folders of the packages whose code went into the chunks, sorted by name. */
function bundledPackages(chunks) {
  const ids = chunks.flatMap((chunk) => chunk.moduleIds ?? []).map((id) => id.replaceAll('\\', '/').replace(/^\0/, ''));
  const folders = ids.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id) ?? []);
  const name = (folder) => folder.slice(folder.lastIndexOf('/node_modules/'));
  return [...new Set(folders)].sort((a, b) => (name(a) < name(b) ? -1 : 1));
}

function licenceText(folder) {
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)(\.(md|txt|mit))?$/i.test(name));
  return file && readFileSync(join(folder, file), 'utf8').trim();
}

function notices(packages) {
  const parts = packages.map((folder) => {
    const facts = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const text = licenceText(folder);
    if (!text && !facts.license) throw new Error(`${facts.name} states no licence: it cannot be shipped`);
    const author = typeof facts.author === 'object' ? facts.author?.name : facts.author;
    const shown =
      text ?? `Licensed under ${facts.license}${author ? `, ${author}` : ''}. The package ships no licence text.`;
    return `## ${facts.name} ${facts.version} (${facts.license})\n\n\`\`\`text\n${shown}\n\`\`\`\n`;
  });
  return `# Third-party notices\n\nCode of these packages is part of the files in \`dist\`.\n\n${parts.join('\n')}`;
}

/**
 * Has Node's own modules loaded where they are first used, not where a file that may use them is loaded: node:crypto and
 * node:child_process alone would add a fifth to every start. Only the names that rolldown gives such bindings are
 * rewritten, and commander's one, since nothing else can be called so.
 */
const lazyBuiltins = {
  name: 'lazy-builtins',
  renderChunk(code) {
    const bindings = code.matchAll(/^\s*(?:let|const) (node_\w+|childProcess) = (require\("node:[\w/]+"\));\n/gm);
    return [...bindings].reduce((text, [line, name, call]) => {
      const uses = text.replace(line, '');
      const asWhole = new RegExp(`(?<![\\w.$])${name}(?![\\w$.])`).test(uses);
      return asWhole ? text : uses.replace(new RegExp(`(?<![\\w.$])${name}(?=\\.)`, 'g'), `(${call})`);
    }, code);
  },
};

const options = {
  cwd: root,
  platform: 'node',
  external: ['@napi-rs/keyring'],
  plugins: [lazyBuiltins],
  // A module may be imported at once by one file and when needed by another: what is quick decides.
  checks: { ineffectiveDynamicImport: false },
  transform: { define: { __OAUTHCTL_VERSION__: JSON.stringify(version) } },
};
const files = { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'c/[name]-[hash].cjs' };

/** The modules that files import, and what these import, as far as it is not by `import()`. */
async function importedBy(input) {
  const bundle = await rolldown({ ...options, input });
  const { output } = await bundle.generate(files);
  await bundle.close();
  const byName = new Map(output.map((chunk) => [chunk.fileName, chunk]));
  const reached = (chunk) => [...chunk.moduleIds, ...chunk.imports.flatMap((name) => modulesOf(byName.get(name)))];
  const modulesOf = (chunk) => (chunk ? reached(chunk) : []);
  return new Set(output.filter((chunk) => chunk.isEntry).flatMap(reached));
}

async function bundleInto(dir, name, more = {}) {
  const bundle = await rolldown({ ...options, input: { [name]: entries[name] } });
  const { output } = await bundle.write({ ...files, ...more, dir });
  await bundle.close();
  return output;
}

const staging = join(root, '.cache', `build-${process.pid}`);
const atOnce = await importedBy(quick);
// The entry stays where it is: it finds the keychain's child beside itself.
atOnce.delete(join(root, entries.main));
const groups = [{ name: 'quick', test: (id) => atOnce.has(id) }];
const output = [
  ...(await bundleInto(staging, 'main', { codeSplitting: { groups } })),
  ...(await bundleInto(staging, 'fast')),
  ...(await bundleInto(staging, 'fast-list')),
  ...(await bundleInto(staging, 'keychain-child')),
  ...(await bundleInto(staging, 'start-sandbox')),
];

const dist = join(root, 'dist');
mkdirSync(dist, { recursive: true });
const old = join(root, '.cache', `old-${process.pid}`);
renameSync(dist, old);
renameSync(staging, dist);
rmSync(old, { recursive: true });
writeFileSync(join(root, 'THIRD-PARTY-NOTICES.md'), notices(bundledPackages(output)));
process.stderr.write(`built ${relative(process.cwd(), dist) || '.'}: oauthctl ${version}, ${output.length} files\n`);
