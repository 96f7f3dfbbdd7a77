// `npm run fuzz -- --seconds 60 --seed 1`: the fuzz run of test/fuzz for as long as is asked, over every target in turn.
import { parseArgs } from 'node:util';
import { everyTarget } from '../test/fuzz/every-target.ts';
import { describeFinding, distinct, type Finding, fuzz } from '../test/fuzz/harness.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } });
const until = Date.now() + Number(values.seconds ?? 60) * 1000;
const firstSeed = Number(values.seed ?? Date.now() % 1_000_000_000);
const perTurn = 100;

const targets = await everyTarget();
const findings: Finding[] = [];
let inputs = 0;
for (let seed = firstSeed; Date.now() < until; seed++) {
  for (const target of targets) {
    findings.push(...(await fuzz(target, seed, perTurn)));
    inputs += perTurn;
  }
}
const kinds = distinct(findings);
for (const finding of kinds) process.stdout.write(`${describeFinding(finding)}\n`);
process.stdout.write(`seed ${firstSeed}: ${inputs} inputs, ${targets.length} targets, ${kinds.length} findings\n`);
process.exitCode = kinds.length === 0 ? 0 : 1;
