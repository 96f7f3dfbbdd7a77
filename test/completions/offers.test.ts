// Everything that the definitions hold is offered, at its place; the spelling for each shell.
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/commands/generated-index.ts';
import { globalOptions } from '../../src/model/global-options.ts';
import type { Env } from '../../src/model/ports.ts';
import { type CompletionSources, complete } from '../../src/ui/complete.ts';
import { readTyped, writeOffers } from '../../src/ui/completion-words.ts';

const definitions = commands.map(({ definition }) => definition);
const leaves = commands.filter(({ load }) => load !== undefined).map(({ definition }) => definition);
const asked: string[] = [];
const sources: CompletionSources = {
  names: async (what, flags, provider) => {
    asked.push([what, ...flags.keys(), ...(provider === undefined ? [] : [`of ${provider}`])].join(' '));
    return [{ value: `a-${what}`, says: what }];
  },
  files: async (prefix, foldersOnly) => [{ value: `${prefix}${foldersOnly ? 'folder/' : 'file'}`, says: 'file' }],
};

async function offered(line: string): Promise<readonly string[]> {
  const words = line.split(' ');
  const offers = await complete(words.slice(0, -1), words.at(-1) ?? '', definitions, sources);
  return offers.map(({ value }) => value);
}

const env = (variables: Record<string, string>): Env => ({
  get: (name) => variables[name],
  platform: 'linux',
  homeFolder: '/home/ann',
  workingFolder: '/home/ann',
});

describe.each(leaves.map((definition) => [definition.path.join(' '), definition] as const))(
  '%s',
  (name, definition) => {
    test('is offered, and its aliases', async () => {
      const before = definition.path.slice(0, -1).map((word) => `${word} `);
      const siblings = await offered(before.join(''));
      expect(siblings).toEqual(expect.arrayContaining([definition.path.at(-1), ...(definition.aliases ?? [])]));
    });

    test('offers each of its flags, and those of every command', async () => {
      const flags = [...definition.options, ...globalOptions].map((option) => `--${option.name}`);
      expect(await offered(`${name} -`)).toEqual([...flags, '--help']);
    });

    test('offers what its flags take', async () => {
      for (const option of definition.options) {
        const fixed = option.choices ?? option.offers ?? [];
        const wanted = [...fixed, ...(option.completes === undefined ? [] : [expect.any(String)])];
        if (option.value === undefined) continue;
        expect(await offered(`${name} --${option.name}=`)).toHaveLength(wanted.length);
        if (!option.valueOptional) expect(await offered(`${name} --${option.name} `)).toEqual(wanted);
      }
    });

    test('offers what it takes, and no more than that', async () => {
      let line = name;
      for (const argument of definition.arguments) {
        const count = argument.choices?.length ?? (argument.completes === undefined ? 0 : 1);
        expect(await offered(`${line} `)).toHaveLength(count);
        line += ' word';
      }
      const last = definition.arguments.at(-1);
      expect(await offered(`${line} `)).toHaveLength(last?.variadic ? 1 : 0);
    });
  },
);

test('what was named already is not offered again', async () => {
  expect(await offered('status a-connection ')).toEqual([]);
  expect(await offered('list --json --j')).toEqual([]);
  expect(await offered('connect --scope x --sc')).toEqual(['--scope']);
});

test('names come from the tree that the flags mean', async () => {
  asked.length = 0;
  await offered('--sandbox --data-dir /x token ');
  expect(asked).toEqual(['connection sandbox data-dir']);
});

test('where a key may be, and which tools are known: suggestions beside anything else', async () => {
  const forms = ['keychain', 'env', 'passphrase', 'file:', 'command:'];
  for (const line of ['key move --to ', 'key rotate --to ', '--key ']) expect(await offered(line)).toEqual(forms);
  expect(await offered('key move --to=f')).toEqual(['--to=file:']);
  expect(await offered('import --from g')).toEqual(['gcloud', 'gh', 'gfile']);
});

test('apps, kinds, roles and scopes are those of the provider that was typed', async () => {
  asked.length = 0;
  expect(await offered('connect gmail:work --app ')).toEqual(['a-app']);
  expect(await offered('app set gmail --kind a')).toEqual(['a-kind']);
  expect(await offered('connect gmail --scope +')).toEqual(['+a-scope']);
  expect(await offered('token slack:work --role ')).toEqual(['a-role']);
  await offered('import --provider gmail --app ');
  await offered('connect --app ');
  expect(asked).toEqual([
    'app of gmail',
    'kind of gmail',
    'scope of gmail',
    'role of slack',
    'app provider of gmail',
    'app',
  ]);
});

test('after --, everything is an operand; after nonsense, nothing is', async () => {
  expect(await offered('token -- ')).toEqual(['a-connection']);
  expect(await offered('token -- -')).toEqual([]);
  expect(await offered('nonsense ')).toEqual([]);
  expect(await offered('app nonsense -')).toEqual([]);
});

describe('the word under the cursor', () => {
  test.each([
    ['oauthctl token g', ['token'], 'g', 'g'],
    ['oauthctl token ', ['token'], '', ''],
    ["oauthctl token 'a b", ['token'], 'a b', "'a b"],
    ['oauthctl token "a \\"b', ['token'], 'a "b', '"a \\"b'],
    ['oauthctl token a\\ b c', ['token', 'a b'], 'c', 'c'],
    ['oauthctl a\'b c\'d "e f" g', ['ab cd', 'e f'], 'g', 'g'],
    ['oauthctl token $(touch x) g', ['token', '$(touch', 'x)'], 'g', 'g'],
  ])('bash: %s', (line, before, current, raw) => {
    expect(readTyped('bash', [], env({ COMP_LINE: line }))).toEqual({ before, current, raw });
  });

  test('the other shells split by themselves', () => {
    expect(readTyped('zsh', ['token', ''], env({}))).toEqual({ before: ['token'], current: '', raw: '' });
    expect(readTyped('fish', ['token', '"a b'], env({})).current).toBe('a b');
    const typed = readTyped('powershell', [], env({ OAUTHCTL_COMPLETE: 'token\nslack:a b' }));
    expect(typed).toEqual({ before: ['token'], current: 'slack:a b', raw: 'slack:a b' });
  });
});

describe('the spelling', () => {
  const spelled = (shell: 'bash' | 'zsh' | 'powershell', value: string, raw = '') =>
    writeOffers(
      shell,
      [{ value, says: 'so' }],
      { before: [], current: '', raw },
      env({ COMP_BREAKS: ' "\'@><=;|&(:' }),
    );

  test('bash: escaped, without what stands before the last break', () => {
    expect(spelled('bash', 'a $(b)')).toBe('a\\ \\$\\(b\\)\n');
    expect(spelled('bash', `a'b"c`)).toBe(`a\\'b\\"c\n`);
    expect(spelled('bash', 'gmail:work', 'gmail:w')).toBe('work\n');
    expect(spelled('bash', 'gmail:me@home', 'gmail:me@h')).toBe('@home\n');
    expect(spelled('bash', 'a:b', 'a\\:')).toBe('a:b\n');
  });

  test('zsh and fish quote by themselves', () => {
    expect(spelled('zsh', 'a $(b)')).toBe('a $(b)\tso\n');
  });

  test('PowerShell: in quotes where it must be, all kinds of single quotes doubled', () => {
    expect(spelled('powershell', 'gmail:work')).toBe('gmail:work\tgmail:work\tso\n');
    expect(spelled('powershell', "a'$(b)’")).toBe("'a''$(b)’’'\ta'$(b)’\tso\n");
  });

  test('a name with a line break cannot be spelled, so it is left out', () => {
    expect(spelled('zsh', 'a\nb')).toBe('');
    expect(spelled('bash', 'a\u001Bb')).toBe('');
  });
});
