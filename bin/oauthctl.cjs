#!/usr/bin/env node
// Two steps: what src/fast.ts and src/fast-list.ts answer alone is answered without loading the program.
'use strict';

const ways = { __proto__: null, '--version': 'fast', token: 'fast', list: 'fast-list' };

async function run(args) {
  const way = ways[args[0]];
  const answered = way && (await require(`../dist/${way}.cjs`).fast(args));
  return answered ?? require('../dist/main.cjs').run(args);
}

run(process.argv.slice(2)).then((exit) => {
  process.exitCode = exit;
});
