// How a family writes its routes down, and how a path with `:names` in it is matched.
import type { Route } from './call.ts';

export function program(methods: readonly string[], path: string, place: string, handle: Route['handle']): Route {
  return { methods, path, place, audience: 'program', handle };
}

export function page(methods: readonly string[], path: string, place: string, handle: Route['handle']): Route {
  return { methods, path, place, audience: 'browser', handle };
}

export type Segments = Readonly<Record<string, string>>;

/** What stands where the pattern has `:name`, or undefined when the path is another one. A name never stands for nothing. */
export function matchPath(pattern: string, path: string): Segments | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const found: Record<string, string> = {};
  for (const [index, want] of wanted.entries()) {
    const have = given[index] ?? '';
    if (!want.startsWith(':')) {
      if (want !== have) return undefined;
    } else if (have === '') return undefined;
    else found[want.slice(1)] = decoded(have);
  }
  return found;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A path as it may be logged: whatever is not a plain word may be a token, since some providers put tokens into paths. */
export function loggedPath(path: string, words: ReadonlySet<string>): string {
  const plain = /^(\.?[a-z][a-z-]{0,31}|v?\d{1,2})$/;
  return path
    .split('/')
    .map((segment) => (segment === '' || plain.test(segment) || words.has(segment) ? segment : '…'))
    .join('/');
}
