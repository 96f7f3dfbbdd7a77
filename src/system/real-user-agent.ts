// What the user agent asks of the real machine.
import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { release } from 'node:os';
import type { Env, UserAgent } from '../model/ports.ts';
import { childEnvironment } from './child-environment.ts';
import { createUserAgent } from './user-agent.ts';

export function createRealUserAgent(env: Env): UserAgent {
  return createUserAgent({
    env,
    kernel: release(),
    graceMs: 2000,
    exists: (path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    start: (program, argument) =>
      spawn(program, [argument], {
        shell: false,
        detached: true,
        stdio: 'ignore',
        env: childEnvironment(process.env),
      }),
    async startUsual(url) {
      const { default: open } = await import('open');
      return open(url);
    },
  });
}
