// One file from several modules of this project, so that nothing is loaded piecemeal while it runs.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

declare const __OAUTHCTL_VERSION__: string;

/** A path of the project as an import specifier. */
export const specifier = (path: string) => JSON.stringify(fileURLToPath(new URL(`../../${path}`, import.meta.url)));

/** `code`: an ES module that imports by `specifier`. Written as CommonJS. */
export async function bundleTo(file: string, code: string): Promise<void> {
  const entry = '\0entry';
  const bundle = await rolldown({
    input: entry,
    platform: 'node',
    external: ['@napi-rs/keyring'],
    transform: { define: { __OAUTHCTL_VERSION__: JSON.stringify(__OAUTHCTL_VERSION__) } },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? code : undefined),
      },
    ],
  });
  mkdirSync(dirname(file), { recursive: true });
  await bundle.write({ file, format: 'cjs', codeSplitting: false });
  await bundle.close();
}
