// Every reader of bytes from outside, in one list. A new one is a row in one of the files of targets.
import type { Target } from './harness.ts';
import { personTargets } from './person-targets.ts';
import { restTargets } from './rest-targets.ts';
import { wireTargets } from './wire-targets.ts';

export async function everyTarget(): Promise<readonly Target[]> {
  return [...(await wireTargets()), ...(await restTargets()), ...(await personTargets())];
}
