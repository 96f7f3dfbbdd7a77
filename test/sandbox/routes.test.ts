// Paths with names in them, and paths as they may be logged.
import { expect, test } from 'vitest';
import { loggedPath, matchPath } from '../../src/sandbox/routes.ts';

test.each([
  ['/1/tokens/:token', '/1/tokens/abc', { token: 'abc' }],
  ['/1/tokens/:token', '/1/tokens/a%2Fb%zz', { token: 'a%2Fb%zz' }],
  ['/1/tokens/:token', '/1/tokens/a%2Fb', { token: 'a/b' }],
  ['/1/tokens/:token', '/1/tokens/', undefined],
  ['/1/tokens/:token', '/1/tokens/abc/member', undefined],
  ['/token', '/token', {}],
  ['/token', '/token/', undefined],
])('%s and %s', (pattern, path, found) => {
  expect(matchPath(pattern, path)).toEqual(found);
});

test('whatever may be a token is left out of a logged path', () => {
  const words = new Set(['tokens']);
  expect(loggedPath('/1/tokens/ATTA0123456789abcdef/member', words)).toBe('/1/tokens/…/member');
  expect(loggedPath('/v1/users/0123456789', words)).toBe('/v1/users/…');
});
