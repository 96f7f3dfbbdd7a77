// The generated scripts in the real shells. Nothing that a name holds is ever run.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { completionScripts } from '../../src/ui/completion-scripts.ts';
import { openTerminal } from '../e2e/support/terminal.ts';
import { completions, hostile, install, names } from './program.ts';

const { home, env } = install();

const nothingRan = () => expect(existsSync(join(home, 'ran'))).toBe(false);

/** What bash would put in the place of the word under the cursor, which stands at the end of the line. */
function bash(line: string, locale = 'C.UTF-8'): string[] {
  const script = `source '${completions}oauthctl.bash'; COMP_LINE=$1 COMP_POINT=\${#1}; _oauthctl 2>/dev/null
    (( \${#COMPREPLY[@]} )) && printf '%s\\n' "\${COMPREPLY[@]}"; true`;
  const printed = execFileSync('bash', ['--norc', '-c', script, 'bash', line], {
    cwd: home,
    env: { ...env, LC_ALL: locale },
    encoding: 'utf8',
  });
  return printed.split('\n').filter((offer) => offer !== '');
}

describe('bash', () => {
  test('commands, aliases, groups', () => {
    expect(bash('oauthctl ')).toEqual(expect.arrayContaining(['connect', 'check', 'app', 'completion']));
    expect(bash('oauthctl re')).toEqual(['refresh', 'rename', 'reset', 'revoke']);
    expect(bash('oauthctl app s')).toEqual(['set', 'show']);
    expect(bash('oauthctl nonsense ')).toEqual([]);
  });

  test('flags, before and after the command, with values that follow a space or =', () => {
    expect(bash('oauthctl token --fo')).toEqual(['--format']);
    expect(bash('oauthctl token --format ')).toEqual(['raw', 'header', 'json', 'xoauth2', 'netrc']);
    // `=` breaks words in bash: what stands before it stays.
    expect(bash('oauthctl token --format=j')).toEqual(['json']);
    expect(bash('oauthctl --sandbox-consent a')).toEqual(['auto']);
    expect(bash('oauthctl --json li')).toEqual(['list']);
    expect(bash('oauthctl connect --scope x --scope y --sco')).toEqual(['--scope']);
    expect(bash('oauthctl list --json --js')).toEqual([]);
  });

  test('a source of the key: what waits for more after its colon gets no space', () => {
    expect(bash('oauthctl key move --to k')).toEqual(['keychain']);
    expect(bash('oauthctl key move --to fi')).toEqual(['file:']);
    expect(completionScripts.bash.text).toContain('*[=/:]');
  });

  test('parts of a provider: its kinds, scopes, tokens and apps', () => {
    expect(bash('oauthctl app set gmail --kind d')).toEqual(['desktop']);
    expect(bash('oauthctl token slack:x --role ')).toEqual(['user', 'bot']);
    expect(bash('oauthctl connect gmail --scope +e')).toEqual(['+email']);
    expect(bash('oauthctl connect gmail --app ')).toEqual(['default', 'work']);
    expect(bash('oauthctl connect nowhere --scope ')).toEqual([]);
  });

  test('names: what is broken at a colon or an at sign is finished, not repeated', () => {
    expect(bash('oauthctl token gmail:w')).toEqual(['work']);
    expect(bash('oauthctl token gmail:me')).toEqual(['me@home.example']);
    expect(bash('oauthctl token gmail:me@h')).toEqual(['@home.example']);
    expect(bash('oauthctl check gmail gm')).toEqual(['gmail:me@home.example', 'gmail:work']);
    expect(bash('oauthctl token -- gm')).toEqual(['gmail', 'gmail:me@home.example', 'gmail:work']);
    expect(bash('oauthctl connect goo')).toEqual(['google-drive']);
  });

  test('quotes: what is open is kept open, what is not is escaped', () => {
    expect(bash('oauthctl token slack:a')).toEqual(['a\\ b']);
    expect(bash("oauthctl token 'slack:a")).toEqual(['slack:a b']);
    expect(bash("oauthctl token 'slack:o")).toEqual(["slack:o'\\''brien"]);
    expect(bash('oauthctl token "slack:o')).toEqual(["slack:o'brien"]);
    expect(bash('oauthctl token "x$H')).toEqual(['x\\$HOME']);
    expect(bash('oauthctl token x')).toContain('x\\$HOME');
    expect(bash('oauthctl token slack:')).toContain('é');
    expect(bash('oauthctl token slack:', 'C')).toContain('é');
  });

  test('files and folders', () => {
    expect(bash('oauthctl app import gmail so')).toEqual(['some\\ folder/']);
    expect(bash('oauthctl app import gmail some\\ folder/')).toEqual(['some\\ folder/client.json']);
    expect(bash('oauthctl --data-dir some\\ folder/')).toEqual([]);
    expect(bash('oauthctl app import gmail ~/some\\ folder/c')).toEqual(['~/some\\ folder/client.json']);
  });

  test('the tree that is meant: --sandbox has no connection', () => {
    expect(bash('oauthctl --sandbox token g')).toEqual([]);
    expect(bash(`oauthctl --data-dir ${home} token g`)).toEqual([]);
  });

  test('no name runs, nor does what was typed', () => {
    expect(bash('oauthctl token x')).toEqual(hostile.concat('x$HOME').sort().map(escaped));
    expect(bash('oauthctl token $(touch ran) ')).toEqual([]);
    expect(bash('oauthctl token `touch ran`; x')).toEqual([]);
    nothingRan();
  });

  test('a real TAB', async () => {
    const terminal = openTerminal(['bash', '--norc', '-i'], { env, cwd: home });
    terminal.type(`source '${completions}oauthctl.bash'; PS1='ready> '`);
    terminal.press('Enter');
    await terminal.shows('\nready>');
    terminal.type('oauthctl token "x\\$(');
    terminal.press('Tab');
    await terminal.shows('"x\\$(touch ran)"');
    terminal.press('C-u');
    terminal.type('oauthctl token gmail:me@');
    terminal.press('Tab');
    await terminal.shows('oauthctl token gmail:me@home.example');
    nothingRan();
  });
});

/** As bash's own printf would. */
const escaped = (name: string) => execFileSync('bash', ['-c', 'printf %q "$1"', 'bash', name], { encoding: 'utf8' });

describe('fish', () => {
  const fish = (line: string) =>
    execFileSync('fish', ['--no-config', '-c', `source '${completions}oauthctl.fish'; complete -C $argv[1]`, line], {
      cwd: home,
      env,
      encoding: 'utf8',
    })
      .split('\n')
      .filter((offer) => offer !== '');

  test('commands with what they do, names, values', () => {
    expect(fish('oauthctl tok')).toEqual(['token\tprint a working access token, refreshing if needed']);
    expect(fish('oauthctl token gmail:')).toEqual(['gmail:me@home.example\tconnection', 'gmail:work\tconnection']);
    expect(fish('oauthctl token --format=j')).toEqual(['--format=json\thow to print it']);
    expect(fish('oauthctl app import gmail some')).toEqual(['some folder/\tfolder']);
    expect(fish('oauthctl token "slack:a')).toHaveLength(1);
  });

  test('no name runs, nor does what was typed', () => {
    expect(fish('oauthctl token x')).toHaveLength(hostile.length + 1);
    fish('oauthctl token (touch ran) ');
    nothingRan();
  });
});

describe('zsh', () => {
  const start = async () => {
    const terminal = openTerminal(['zsh', '-f', '-i'], { env, cwd: home, columns: 120 });
    terminal.type(`PS1='ready> '; autoload -Uz compinit; compinit -u -D; source '${completions}_oauthctl'`);
    terminal.press('Enter');
    await terminal.shows('\nready>');
    return terminal;
  };

  test('commands with what they do, names, values, files', async () => {
    const terminal = await start();
    terminal.type('oauthctl tok');
    terminal.press('Tab');
    await terminal.shows('oauthctl token');
    terminal.type('gmail:w');
    terminal.press('Tab');
    await terminal.shows('oauthctl token gmail:work');
    terminal.type(' --format=h');
    terminal.press('Tab');
    await terminal.shows('--format=header');
    terminal.press('C-u');
    terminal.type('oauthctl app import gmail som');
    terminal.press('Tab');
    await terminal.shows('gmail some\\ folder/');
    terminal.press('C-u');
    terminal.type('oauthctl re');
    terminal.press('Tab');
    await terminal.shows('refresh  -- refresh now');
  });

  test('no name runs, nor does what was typed', async () => {
    const terminal = await start();
    terminal.type('oauthctl token x\\$\\(');
    terminal.press('Tab');
    await terminal.shows('x\\$\\(touch\\ ran\\)');
    terminal.press('C-u');
    terminal.type('oauthctl token slack:o');
    terminal.press('Tab');
    await terminal.shows("slack:o\\'brien");
    terminal.press('C-u');
    terminal.type('oauthctl check $(touch ran) x\\$H');
    terminal.press('Tab');
    await terminal.shows('$(touch ran) x\\$HOME');
    nothingRan();
  });

  test('from the fpath, where packages put it', async () => {
    const terminal = openTerminal(['zsh', '-f', '-i'], { env, cwd: home });
    terminal.type(
      `PS1='ready> '; fpath=('${completions.replace(/\/$/, '')}' $fpath); autoload -Uz compinit; compinit -u -D`,
    );
    terminal.press('Enter');
    await terminal.shows('\nready>');
    terminal.type('oauthctl li');
    terminal.press('Tab');
    await terminal.shows('oauthctl list');
  });
});

test('`oauthctl completion` prints the published files, byte for byte', () => {
  for (const [shell, { file }] of Object.entries(completionScripts)) {
    const printed = execFileSync('oauthctl', ['completion', shell], { env, encoding: 'utf8' });
    expect(printed).toBe(readFileSync(completions + file, 'utf8'));
  }
});

test('nothing of the tree is opened, and names that cannot be typed are left out', () => {
  // The records of this tree are empty files: reading one would be an error, and errors offer nothing.
  expect(names.length).toBeGreaterThan(0);
  expect(bash('oauthctl token ')).toHaveLength(names.length + hostile.length);
});
