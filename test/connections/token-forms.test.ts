// Tokens in the forms of CI systems: whatever a token holds, it is read back as it is or refused, and sets nothing else.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  dotenvFile,
  githubFile,
  githubMasks,
  gitlabFile,
  variablesOf,
} from '../../src/connections/moving/token-forms.ts';

const variable = (value: string) => [{ name: 'ACME_ACCESS_TOKEN', value, isSecret: true }];
const delimiter = 'oauthctl-0123456789abcdef';

it('the variables of one connection and of several', () => {
  const one = { name: 'acme', accessToken: 'a', expiresAt: Date.parse('2026-11-25T11:00:00Z') };
  const two = { name: 'acme:work.eu', accessToken: 'b', expiresAt: null };
  const named = (tokens: (typeof one | typeof two)[]) =>
    variablesOf(tokens).map(({ name, value }) => `${name}=${value}`);
  expect(named([one])).toEqual([
    'OAUTHCTL_TOKEN=a',
    'ACME_ACCESS_TOKEN=a',
    'ACME_ACCESS_TOKEN_EXPIRES_AT=2026-11-25T11:00:00Z',
  ]);
  expect(named([one, two])).toEqual([
    'ACME_ACCESS_TOKEN=a',
    'ACME_ACCESS_TOKEN_EXPIRES_AT=2026-11-25T11:00:00Z',
    'ACME_WORK_EU_ACCESS_TOKEN=b',
  ]);
  expect(() => variablesOf([two, { ...two, name: 'acme:work-eu' }])).toThrow('would both be ACME_WORK_EU_ACCESS_TOKEN');
});

it('GitHub: a value ends where the delimiter stands, and sets no other variable', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const lines = githubFile(variable(value), delimiter).split('\n');
      expect(lines[0]).toBe(`ACME_ACCESS_TOKEN<<${delimiter}`);
      expect(lines.indexOf(delimiter)).toBe(lines.length - 2);
      expect(lines.slice(1, -2).join('\n')).toBe(value);
    }),
  );
  expect(() => githubFile(variable(`x\n${delimiter}\nPATH=/evil`), delimiter)).toThrow('cannot carry');
});

it('GitHub: a mask is one line, whatever the value holds', () => {
  expect(githubMasks(variable('a%b\r\nc'))).toBe('::add-mask::a%25b%0D%0Ac\n');
  expect(githubMasks([...variable('same'), ...variable('same'), { name: 'END', value: 'seen', isSecret: false }])).toBe(
    '::add-mask::same\n',
  );
});

it.each(['a b', 'a\nPATH=/evil', 'ä', ''])('GitLab: %j is refused, since quotes are not read there', (value) => {
  expect(() => gitlabFile(variable(value))).toThrow('cannot carry');
});

it('GitLab: 5 KB at most', () => {
  expect(gitlabFile(variable('x'.repeat(5_000)))).toHaveLength(5_019);
  expect(() => gitlabFile(variable('x'.repeat(5_102)))).toThrow('GitLab takes 5 KB');
});

it('dotenv: nothing inside is read as anything else', () => {
  expect(dotenvFile(variable('$(id) `id` "\\" #$HOME'))).toBe(`ACME_ACCESS_TOKEN='$(id) \`id\` "\\" #$HOME'\n`);
  for (const value of ["it's", 'a\nb', 'ä']) expect(() => dotenvFile(variable(value))).toThrow('cannot carry');
});
