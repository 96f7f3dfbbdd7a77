// The source as syntax trees, and what the manners tests ask of them.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ESTree, parseSync, Visitor, type VisitorObject } from 'rolldown/utils';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What .gitignore leaves out, and git's own folder. */
const untracked = ['node_modules', 'dist', '.cache', 'coverage', '.git', 'THIRD-PARTY-NOTICES.md'];

/** Every file of the project below a folder, relative to the root, sorted. */
export function projectFiles(folder = '.'): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries
    .filter((entry) => !untracked.includes(entry.name) && !entry.name.endsWith('.tgz'))
    .flatMap((entry) => {
      const path = relative(root, join(root, folder, entry.name));
      return entry.isDirectory() ? projectFiles(path) : [path];
    })
    .sort();
}

export interface SourceFile {
  /** Relative to the root: `src/model/names.ts`. */
  readonly path: string;
  readonly text: string;
  readonly program: ESTree.Program;
  /** Made by scripts/generate.ts. */
  readonly generated: boolean;
}

export function readSources(...folders: readonly string[]): SourceFile[] {
  return folders
    .flatMap((folder) => projectFiles(folder))
    .filter((path) => /\.(ts|mjs|cjs)$/.test(path))
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      const { program, errors } = parseSync(path, text);
      if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
      return { path, text, program, generated: basename(path).startsWith('generated-') };
    });
}

/** `src/model/names.ts` is in the room `model`, `src/main.ts` in the room `main`. */
export function roomOf(path: string): string {
  const [, room = ''] = path.split('/');
  return basename(room, '.ts');
}

export function visit(file: SourceFile, visitor: VisitorObject): void {
  new Visitor(visitor).visit(file.program);
}

export function lineOf(file: SourceFile, offset: number): number {
  return file.text.slice(0, offset).split('\n').length;
}

export function at(file: SourceFile, node: { readonly start: number }): string {
  return `${file.path}:${lineOf(file, node.start)}`;
}

/** Every module that a file names: static and dynamic imports, re-exports, `import('…')` types. */
export function importsOf(file: SourceFile): { readonly specifier: string; readonly where: string }[] {
  const found: { specifier: string; where: string }[] = [];
  const add = (source: ESTree.Node | null) => {
    if (source?.type === 'Literal' && typeof source.value === 'string')
      found.push({ specifier: source.value, where: at(file, source) });
  };
  visit(file, {
    ImportDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
  });
  return found;
}
