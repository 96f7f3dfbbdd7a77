// Preloaded into every Node process of a run: notes its arguments, and for children its environment, in the file that
// PROCESS_REPORT names.
const { appendFileSync } = require('node:fs');

const { PROCESS_REPORT, PROCESS_ROOT } = process.env;
// The first process was given secrets in its environment by the test; its children must not inherit them.
const isChild = PROCESS_ROOT !== undefined;
process.env.PROCESS_ROOT = String(process.pid);
const seen = { argv: [...process.execArgv, ...process.argv], env: isChild ? process.env : {} };
appendFileSync(PROCESS_REPORT, `${JSON.stringify(seen)}\n`);
