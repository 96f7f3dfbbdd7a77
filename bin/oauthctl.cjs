#!/usr/bin/env node
// Two steps: what src/fast.ts answers alone is answered without loading the program (twice as fast for a fresh token).
'use strict';

async function run(args) {
  // Nothing else is worth looking at: src/fast.ts would load what it needs for a token only to find that out.
  const worthIt = args[0] === 'token' || args[0] === '--version';
  const answered = worthIt ? await require('../dist/fast.cjs').fast(args) : undefined;
  return answered ?? require('../dist/main.cjs').run(args);
}

run(process.argv.slice(2)).then((exit) => {
  process.exitCode = exit;
});
