// Where the tree lies, for good: an upgrade that looks elsewhere has lost everything.
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type PathFlags, resolvePaths } from '../../src/model/paths.ts';
import type { Env } from '../../src/model/ports.ts';

const files = { join: posix.join, resolve: (path: string) => posix.resolve('/here', path) };

function resolved(platform: Env['platform'], variables: Record<string, string> = {}, flags: PathFlags = {}) {
  const env = { platform, homeFolder: '/home/ann', get: (name: string) => variables[name] } as Env;
  return resolvePaths(flags, env, files);
}

const linux = {
  config: '/home/ann/.config/oauthctl',
  data: '/home/ann/.local/share/oauthctl',
  state: '/home/ann/.local/state/oauthctl',
};
const support = '/home/ann/Library/Application Support/oauthctl';
const mac = { config: support, data: support, state: `${support}/state` };
const windows = { config: '/roaming/oauthctl', data: '/local/oauthctl', state: '/local/oauthctl/state' };
const appData = { APPDATA: '/roaming', LOCALAPPDATA: '/local' };

describe('the folders of a platform', () => {
  test.each([
    ['linux', {}, linux],
    ['darwin', {}, mac],
    ['win32', appData, windows],
  ] as const)('%s', (platform, variables, folders) => {
    expect(resolved(platform, variables)).toEqual(folders);
  });

  test.each(['linux', 'darwin', 'win32'] as const)('%s: XDG wins wherever it is set', (platform) => {
    const variables = { XDG_CONFIG_HOME: '/x/c', XDG_DATA_HOME: '/x/d', XDG_STATE_HOME: '/x/s' };
    const folders = { config: '/x/c/oauthctl', data: '/x/d/oauthctl', state: '/x/s/oauthctl' };
    expect(resolved(platform, variables)).toEqual(folders);
  });

  test.each([
    ['linux', {}, linux],
    ['darwin', {}, mac],
    ['win32', appData, windows],
  ] as const)('%s: relative XDG values are ignored, as their specification tells', (platform, variables, folders) => {
    const relative = { XDG_CONFIG_HOME: 'c', XDG_DATA_HOME: './d', XDG_STATE_HOME: 's' };
    expect(resolved(platform, { ...variables, ...relative })).toEqual(folders);
  });
});

describe('folders that are named', () => {
  test('a flag before its variable, which is before XDG', () => {
    const variables = { OAUTHCTL_CONFIG_DIR: '/env', OAUTHCTL_STATE_DIR: 'env', XDG_CONFIG_HOME: '/x' };
    expect(resolved('linux', variables, { configDir: 'flag' })).toEqual({
      config: '/here/flag',
      data: linux.data,
      state: '/here/env',
    });
  });

  test('the state stays with a data folder, unless it is named too', () => {
    const named = { ...linux, data: '/data' };
    expect(resolved('linux', { XDG_STATE_HOME: '/x' }, { dataDir: '/data' })).toEqual({
      ...named,
      state: '/data/state',
    });
    expect(resolved('linux', {}, { dataDir: '/data', stateDir: '/state' })).toEqual({ ...named, state: '/state' });
  });

  test('the sandbox has a tree of its own in each', () => {
    expect(resolved('linux', {}, { dataDir: '/data', sandbox: true })).toEqual({
      config: `${linux.config}/sandbox`,
      data: '/data/sandbox',
      state: '/data/state/sandbox',
    });
  });
});
