#!/usr/bin/env node
// Two steps: what src/fast.ts answers alone is answered without loading the program (twice as fast for a fresh token).
'use strict';

async function run(args) {
  const { fast } = require('../dist/fast.cjs');
  const answered = await fast(args);
  return answered ?? require('../dist/main.cjs').run(args);
}

run(process.argv.slice(2)).then((exit) => {
  process.exitCode = exit;
});
