// The house style, as far as a machine can judge it. Every failure names the file, the line and the rule.
import { basename, extname } from 'node:path';
import type { ESTree } from 'rolldown/utils';
import { describe, expect, test } from 'vitest';
import { at, lineOf, projectFiles, readSources, roomOf, type SourceFile, visit } from './source.ts';
import { codeLines, functionsOf, globalUses } from './syntax.ts';

const all = readSources('src', 'bin', 'scripts', 'bench', 'test');
const src = all.filter((file) => file.path.startsWith('src/'));
const written = all.filter((file) => !file.generated);
const providerIds = [...new Set(projectFiles('src/providers').map((path) => path.split('/')[2] ?? ''))].filter(
  (name) => name !== '' && extname(name) === '',
);

describe('names', () => {
  test('files and folders say what they hold', () => {
    const banned = /^(utils?|helpers?|common|shared|managers?|services?|base)$/;
    // The Secret Service is a protocol's name.
    const words = (path: string) => path.replace('secret-service', '').split(/[/.-]/);
    expect(all.map((file) => file.path).filter((path) => words(path).some((word) => banned.test(word)))).toEqual([]);
  });

  test('files are kebab-case', () => {
    const names = all
      .map((file) => file.path)
      .filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.(ts|mjs|cjs)$/.test(basename(path)));
    expect(names).toEqual([]);
  });

  test('nothing exported is a manager, a service or a helper', () => {
    const found: string[] = [];
    for (const file of src)
      for (const [, name] of file.text.matchAll(/^export (?:async )?(?:function|const|interface|type|class) (\w+)/gm))
        if (/(Utils?|Helpers?|Manager|Service|Base)$/.test(name ?? '')) found.push(`${file.path}: ${name}`);
    expect(found).toEqual([]);
  });
});

describe('sizes', () => {
  test('files: 250 lines of code, 120 for a command; providers are data', () => {
    const limit = ({ path }: SourceFile) => (path.startsWith('src/commands/') ? 120 : 250);
    const long = written
      .filter((file) => !/^(src|test)\/providers\//.test(file.path))
      .filter((file) => codeLines(file.text) > limit(file))
      .map((file) => `${file.path}: ${codeLines(file.text)} lines`);
    expect(long).toEqual([]);
  });

  test('functions: 40 lines of their own, up to 60 with a `// long: reason` on the first', () => {
    const long = written
      .filter((file) => !file.path.startsWith('test/'))
      .flatMap((file) => functionsOf(file))
      .filter(({ lines, firstLine }) => lines > (firstLine.includes('// long: ') ? 60 : 40))
      .map(({ where, lines }) => `${where}: ${lines} lines`);
    expect(long).toEqual([]);
  });
});

describe('shape', () => {
  test('every file opens with one to three lines on what belongs there', () => {
    const bad = written.filter((file) => {
      const lines = file.text.split('\n').filter((line) => !line.startsWith('#!'));
      const comment = lines.findIndex((line) => !line.startsWith('//'));
      return comment < 1 || comment > 3;
    });
    expect(bad.map((file) => file.path)).toEqual([]);
  });

  test('no default exports', () => {
    const found: string[] = [];
    for (const file of src.filter((file) => roomOf(file.path) !== 'providers'))
      visit(file, { ExportDefaultDeclaration: (node) => void found.push(at(file, node)) });
    expect(found).toEqual([]);
  });

  test('no classes but CliError and Secret', () => {
    const found: string[] = [];
    const note = (file: SourceFile) => (node: ESTree.Class) => void found.push(node.id?.name ?? at(file, node));
    for (const file of src) visit(file, { ClassDeclaration: note(file), ClassExpression: note(file) });
    expect(found.sort()).toEqual(['CliError', 'Secret']);
  });

  test('no module holds state', () => {
    const found: string[] = [];
    for (const file of src)
      for (const statement of file.program.body) {
        const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
        if (declaration?.type !== 'VariableDeclaration') continue;
        const fillable = declaration.declarations.some(({ init }) => init && isFillable(init));
        if (declaration.kind !== 'const' || fillable) found.push(at(file, declaration));
      }
    expect(found).toEqual([]);
  });

  /** `new Map()`, `[]`, `{}`: made empty in order to be filled. */
  function isFillable(init: ESTree.Expression): boolean {
    if (init.type === 'NewExpression')
      return (
        init.callee.type === 'Identifier' && /^(Weak)?(Map|Set)$/.test(init.callee.name) && init.arguments.length === 0
      );
    if (init.type === 'ArrayExpression') return init.elements.length === 0;
    return init.type === 'ObjectExpression' && init.properties.length === 0;
  }
});

describe('the world is met in src/system only', () => {
  const elsewhere = src.filter((file) => roomOf(file.path) !== 'system');

  test.each(['process', 'console', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'globalThis'])(
    '%s',
    (name) => {
      expect(elsewhere.flatMap((file) => globalUses(file, name))).toEqual([]);
    },
  );

  test.each([
    ['Date', 'now'],
    ['Math', 'random'],
    ['AbortSignal', 'timeout'],
    ['performance', 'now'],
  ])('%s.%s', (object, property) => {
    const found: string[] = [];
    for (const file of elsewhere)
      visit(file, {
        MemberExpression: (node) => {
          if (isNamed(node.object, object) && isNamed(node.property, property)) found.push(at(file, node));
        },
      });
    expect(found).toEqual([]);
  });

  test('the clock behind new Date()', () => {
    const found: string[] = [];
    for (const file of elsewhere)
      visit(file, {
        NewExpression: (node) => {
          if (isNamed(node.callee, 'Date') && node.arguments.length === 0) found.push(at(file, node));
        },
        CallExpression: (node) => {
          if (isNamed(node.callee, 'Date')) found.push(at(file, node));
        },
      });
    expect(found).toEqual([]);
  });

  function isNamed(node: ESTree.Node, name: string): boolean {
    return node.type === 'Identifier' && node.name === name;
  }
});

test('no provider is named outside its own folder and the sandbox: what differs is data', () => {
  expect(providerIds).not.toEqual([]);
  const found: string[] = [];
  for (const file of src.filter((file) => !['providers', 'sandbox'].includes(roomOf(file.path))))
    visit(file, {
      Literal: (node) => {
        if (typeof node.value === 'string' && providerIds.includes(node.value)) found.push(at(file, node));
      },
      Property: (node) => {
        if (node.key.type === 'Identifier' && providerIds.includes(node.key.name)) found.push(at(file, node));
      },
      MemberExpression: (node) => {
        if (node.property.type === 'Identifier' && providerIds.includes(node.property.name)) found.push(at(file, node));
      },
    });
  expect(found).toEqual([]);
});

test('tests are never left out, narrowed, mocked or compared with a picture nobody reads', () => {
  const banned = new Set(['skip', 'only', 'todo', 'skipIf', 'runIf', 'fails', 'mock', 'doMock', 'stubGlobal']);
  const pictures = new Set(['toMatchSnapshot', 'toMatchInlineSnapshot', 'toMatchFileSnapshot']);
  const found: string[] = [];
  for (const file of all.filter((file) => file.path.startsWith('test/')))
    visit(file, {
      MemberExpression: (node) => {
        if (node.property.type !== 'Identifier') return;
        const on = file.text.slice(node.object.start, node.object.end);
        const ofTests = /^(it|test|describe|vi|suite)\b/.test(on) && banned.has(node.property.name);
        if (ofTests || pictures.has(node.property.name)) found.push(`${file.path}:${lineOf(file, node.start)}`);
      },
    });
  expect(found).toEqual([]);
});
