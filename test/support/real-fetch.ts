// The real Fetch in a test's own process, under the settings that the test gives it and none of this machine's.
import type { Fetch } from '../../src/model/ports.ts';
import { createFetch, type FetchOptions } from '../../src/system/fetch.ts';
import { createRealFiles } from '../../src/system/real-files.ts';

export interface RealFetchOptions extends Partial<Pick<FetchOptions, 'cutsShort' | 'lookup'>> {
  readonly env?: Readonly<Record<string, string>>;
  readonly caFile?: string | undefined;
}

export function realFetch({ env = {}, caFile, ...options }: RealFetchOptions = {}): Fetch {
  const files = createRealFiles({ workingFolder: () => '/', uniqueName: () => 'unused', onMended: () => {} });
  const settings = { env: { get: (name: string) => env[name] }, caFile };
  return createFetch({ version: '1.2.3', cutsShort: () => undefined, settings, files, ...options });
}
