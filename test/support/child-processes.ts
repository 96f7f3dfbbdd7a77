// Which children of this process run a program, as /proc says.
import { readFileSync } from 'node:fs';

/** Pids. `program`: a path of its arguments. */
export function childrenRunning(program: string): number[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ');
  const isIt = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(program);
    } catch {
      return false;
    }
  };
  return children.filter(isIt).map(Number);
}

/** The pid of the first one, once there is one. */
export async function childRuns(program: string): Promise<number> {
  for (;;) {
    const [pid] = childrenRunning(program);
    if (pid !== undefined) return pid;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
