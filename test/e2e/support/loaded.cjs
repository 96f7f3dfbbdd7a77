// Preloaded into the program: writes what it had loaded by its end into the file that LOADED_REPORT names.
const { appendFileSync } = require('node:fs');

process.on('exit', () => {
  const builtins = process.moduleLoadList
    .filter((name) => name.startsWith('NativeModule '))
    .map((name) => name.slice(13));
  appendFileSync(process.env.LOADED_REPORT, `${JSON.stringify({ files: Object.keys(require.cache), builtins })}\n`);
});
