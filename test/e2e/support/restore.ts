// Puts a bundle back in a home: `OAUTHCTL_KEY` and HOME are the machine's.
import { oauthctl } from './run.ts';

/** What it came to: an outcome, or an error's code. */
export async function restore(file: string, home: string, env: Record<string, string>): Promise<string> {
  const { stdout } = await oauthctl(['import', file, '--json'], home, { env });
  const { data, error } = JSON.parse(stdout);
  return error?.code ?? data.results[0].outcome;
}
