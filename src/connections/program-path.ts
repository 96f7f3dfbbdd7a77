// Where a program is that a person named, as the system would find it, but never in the working folder unless it was named so.
import type { System } from '../model/ports.ts';

/** The absolute path; undefined when there is none, or none that can be run without a shell. */
export async function programPath(
  { env, files }: Pick<System, 'env' | 'files'>,
  program: string,
): Promise<string | undefined> {
  const windows = env.platform === 'win32';
  // Batch files want a shell (https://nodejs.org/en/blog/vulnerability/april-2024-security-releases-2).
  const endings = windows && !/\.(exe|com)$/i.test(program) ? ['.exe', '.com'] : [''];
  const isPath = program.includes('/') || (windows && program.includes('\\'));
  const folders = isPath ? [undefined] : (env.get('PATH') ?? '').split(windows ? ';' : ':').filter((one) => one !== '');
  for (const folder of folders) {
    for (const ending of endings) {
      const path = files.resolve(folder === undefined ? program + ending : files.join(folder, program + ending));
      const facts = await files.facts(path).catch(() => undefined);
      // What a link points to is not looked at: starting it will tell.
      if (facts?.kind === 'link') return path;
      if (facts?.kind === 'file' && (facts.mode === null || (facts.mode & 0o111) !== 0)) return path;
    }
  }
  return undefined;
}
