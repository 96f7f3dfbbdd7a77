// The program under test: the package as it would be published, unpacked by scripts/test.mjs.
import { fileURLToPath } from 'node:url';

export const packedRoot = fileURLToPath(new URL('../../../.cache/packed/package/', import.meta.url));

/** Run it with process.execPath, never by its shebang, so that every row of the Node matrix tests its own Node. */
export const binary = `${packedRoot}bin/oauthctl.cjs`;
