// Questions to a syntax tree that take more than one visit: how long is each function, and where is a global used.
import type { ESTree } from 'rolldown/utils';
import { at, type SourceFile, visit } from './source.ts';

/** Lines that are neither blank nor comment. */
export function codeLines(text: string): number {
  return text.split('\n').filter((line) => line.trim() !== '' && !/^\s*(\/\/|\/\*|\*)/.test(line)).length;
}

export interface FunctionSize {
  readonly where: string;
  readonly firstLine: string;
  /** Without the bodies of the functions inside, which are counted by themselves. */
  readonly lines: number;
}

export function functionsOf(file: SourceFile): FunctionSize[] {
  const sizes: FunctionSize[] = [];
  /** Lines inside the functions that were met within each function that is still open. */
  const open: number[] = [];
  const enter = () => void open.push(0);
  const leave = (node: ESTree.Node) => {
    const text = file.text.slice(node.start, node.end);
    const whole = codeLines(text);
    sizes.push({ where: at(file, node), firstLine: text.split('\n')[0] ?? '', lines: whole - (open.pop() ?? 0) });
    const around = open.pop();
    // A function's first and last line stay with what is around it.
    if (around !== undefined) open.push(around + Math.max(0, whole - 2));
  };
  visit(file, {
    FunctionDeclaration: enter,
    'FunctionDeclaration:exit': leave,
    FunctionExpression: enter,
    'FunctionExpression:exit': leave,
    ArrowFunctionExpression: enter,
    'ArrowFunctionExpression:exit': leave,
  });
  return sizes;
}

/** Uses of a global: not a property of that name, and none in a file that binds the name itself (a port called `fetch`). */
export function globalUses(file: SourceFile, name: string): string[] {
  const uses: ESTree.Node[] = [];
  const properties = new Set<number>();
  let bound = false;
  const property = (key: ESTree.Node, computed: boolean) => {
    if (!computed) properties.add(key.start);
  };
  const binds = (...patterns: readonly ESTree.Node[]) => {
    const word = new RegExp(`\\b${name}\\b`);
    bound ||= patterns.some((pattern) => word.test(file.text.slice(pattern.start, pattern.end)));
  };
  visit(file, {
    Identifier: (node) => {
      if (node.name === name) uses.push(node);
    },
    MemberExpression: (node) => property(node.property, node.computed),
    Property: (node) => {
      if (!node.shorthand) property(node.key, node.computed);
    },
    TSPropertySignature: (node) => property(node.key, node.computed),
    TSMethodSignature: (node) => property(node.key, node.computed),
    FunctionDeclaration: (node) => binds(...node.params),
    ArrowFunctionExpression: (node) => binds(...node.params),
    VariableDeclarator: (node) => binds(node.id),
  });
  return bound ? [] : uses.filter((node) => !properties.has(node.start)).map((node) => at(file, node));
}
