// The environment variables, platform and folders of this process.
import { homedir } from 'node:os';
import { parse } from 'node:path';
import type { Env } from '../model/ports.ts';
import type { Variables } from './child-environment.ts';

export function createEnv(variables: Variables, platform: NodeJS.Platform = process.platform): Env {
  const names = platform === 'win32' ? new Map(Object.entries(variables).map(([k, v]) => [k.toUpperCase(), v])) : null;
  return {
    get: (name) => (names ? names.get(name.toUpperCase()) : variables[name]) || undefined,
    platform: platform === 'linux' || platform === 'darwin' || platform === 'win32' ? platform : 'other',
    get homeFolder() {
      return orRoot(homedir);
    },
    get workingFolder() {
      return orRoot(() => process.cwd());
    },
  };
}

/** Both throw where there is none (an account without HOME, a deleted folder): the root then, where writing fails in plain words. */
function orRoot(find: () => string): string {
  try {
    return find();
  } catch {
    return parse(process.execPath).root;
  }
}
