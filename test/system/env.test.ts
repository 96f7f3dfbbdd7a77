// Variables and folders of a process.
import { expect, test } from 'vitest';
import { createEnv } from '../../src/system/env.ts';

test('an empty variable counts as unset', () => {
  const env = createEnv({ A: 'x', B: '' }, 'linux');
  expect([env.get('A'), env.get('B'), env.get('C'), env.get('a')]).toEqual(['x', undefined, undefined, undefined]);
});

test('Windows does not mind the case', () => {
  const env = createEnv({ AppData: 'C:\\Data' }, 'win32');
  expect([env.get('APPDATA'), env.platform]).toEqual(['C:\\Data', 'win32']);
});

test('an unusual platform is "other"; folders are absolute', () => {
  const env = createEnv({}, 'freebsd');
  expect(env.platform).toBe('other');
  expect([env.homeFolder, env.workingFolder]).toEqual([expect.stringMatching(/^\//), process.cwd()]);
});
