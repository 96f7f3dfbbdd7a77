// Who receives what a refresh gave: flag before environment before settings, and where somebody must.
import { describe, expect, it } from 'vitest';
import { CliError } from '../../src/errors.ts';
import { chooseWriteBack, type WriteBackWishes } from '../../src/model/write-back.ts';

const files = { resolve: (path: string) => `/work/${path}` };

function choose(env: Record<string, string>, rest: Partial<WriteBackWishes> = {}) {
  return chooseWriteBack(
    { flag: undefined, env: { get: (name) => env[name] }, settings: {}, sandbox: false, ...rest },
    files,
  );
}

const path = (text: string) => ({ kind: 'path', path: `/work/${text}`, isFolder: text.endsWith('/'), text });

describe('nobody was named', () => {
  it.each([
    [{}, 'not_needed'],
    [{ CI: 'true' }, 'missing'],
    [{ CI: '1' }, 'missing'],
    [{ CI: 'woodpecker' }, 'missing'],
    [{ CI: 'false' }, 'not_needed'],
    [{ CI: '0' }, 'not_needed'],
    [{ TF_BUILD: 'True' }, 'missing'],
    [{ CODEBUILD_BUILD_ID: 'a:b' }, 'missing'],
    [{ TEAMCITY_VERSION: '2026.1' }, 'missing'],
    [{ JENKINS_URL: 'https://ci.example' }, 'missing'],
    [{ JENKINS_URL: 'https://ci.example', CI: 'false' }, 'not_needed'],
    [{ CI: 'true', OAUTHCTL_WRITE_BACK: 'none' }, 'missing'],
    [{ CI: 'true', OAUTHCTL_WRITE_BACK: 'keep' }, 'not_needed'],
  ])('%o: %s', (env, kind) => {
    expect(choose(env as Record<string, string>)).toEqual({ kind });
  });
});

describe('somebody was', () => {
  it('the flag goes first, then the environment, then the settings', () => {
    const env = { OAUTHCTL_WRITE_BACK: 'from-env' };
    const settings = { write_back: '/from-settings' };
    expect(choose(env, { flag: 'from-flag', settings })).toEqual(path('from-flag'));
    expect(choose(env, { settings })).toEqual(path('from-env'));
    expect(choose({}, { settings })).toMatchObject({ text: '/from-settings' });
    expect(choose({ ...env, CI: 'true' }, { flag: 'none', settings })).toEqual({ kind: 'missing' });
  });

  it.each(['state.json', './state.json', 'command:./deliver.sh', 'command:bin/deliver'])(
    'a setting does not depend on the working folder: %s',
    (text) => {
      expect(() => choose({}, { settings: { write_back: text } })).toThrow('depends on the working folder');
      expect(choose({ OAUTHCTL_WRITE_BACK: text })).toMatchObject({ text });
    },
  );

  it('a setting may name a program that PATH leads to, or a place from the root on', () => {
    for (const text of ['command:gh secret set A', 'command:/opt/deliver', 'C:\\state\\', '/state.json'])
      expect(choose({}, { settings: { write_back: text } })).toMatchObject({ text });
  });

  it('a folder is written as one', () => {
    expect(choose({}, { flag: 'cache/' })).toEqual(path('cache/'));
    expect(choose({}, { flag: 'cache\\' })).toMatchObject({ isFolder: true });
  });

  it('a command is split into its words', () => {
    expect(choose({}, { flag: "command:gh secret set 'A B'" })).toMatchObject({ argv: ['gh', 'secret', 'set', 'A B'] });
  });

  it.each(['', ' ', 'command:', "command:gh 'x"])('refused: "%s"', (flag) => {
    expect(() => choose({}, { flag })).toThrow(CliError);
  });
});

describe('the sandbox', () => {
  it('needs nobody, and never puts its grants where real ones go', () => {
    const env = { CI: 'true', OAUTHCTL_WRITE_BACK: 'real.json' };
    expect(choose(env, { sandbox: true, settings: { write_back: 'real.json' } })).toEqual({ kind: 'not_needed' });
    expect(choose(env, { sandbox: true, flag: 'none' })).toEqual({ kind: 'missing' });
    expect(choose(env, { sandbox: true, flag: 'try.json' })).toEqual(path('try.json'));
  });
});
