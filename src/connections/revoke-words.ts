// What a revocation came to, in lines for people; and the list of what is left to be finished by hand.
import { describeInstant, toRfc3339 } from '../model/instants.ts';
import { saidOnce } from '../model/said-once.ts';
import type { RevokeResult } from './revoke.ts';

/** Beside their problems, where they have one. */
export function wordsOnEnds(results: readonly RevokeResult[], nowAt: number): readonly string[] {
  return saidOnce(
    results.flatMap((result) => wordsOnEnd(result, nowAt).map((words) => ({ name: result.name, words }))),
  );
}

function wordsOnEnd({ alsoAffected, aliveUntil, finishAt, leaves }: RevokeResult, nowAt: number): readonly string[] {
  const words: string[] = [];
  if (alsoAffected.length > 0) words.push(`this ended ${alsoAffected.join(', ')} too`);
  if (aliveUntil !== null)
    words.push(`what is out there may work on; its end comes ${describeInstant(aliveUntil, nowAt)}`);
  if (finishAt !== null) words.push(`to make sure, look at ${finishAt}`);
  if (leaves !== null) words.push(leaves);
  return words;
}

export function isProved({ proof, remote }: RevokeResult): boolean {
  return proof !== 'none' && remote !== 'failed';
}

/** Text for a file that somebody works off by hand; instants are absolute, since it is read later. */
export function finishList(results: readonly RevokeResult[], nowAt: number): string {
  const lines = results.map(({ name, remote, local, problem, finishAt, leaves, aliveUntil }) => {
    const until = aliveUntil === null ? [] : [`may work until ${toRfc3339(aliveUntil)}`];
    const kept = local === 'kept' ? [`still stored: oauthctl revoke ${name}`] : [];
    const why = problem === null ? [] : [problem.message];
    const facts = [`at the provider: ${remote.replaceAll('_', ' ')}`, ...why, ...until, ...kept];
    return [
      `[ ] ${name}`,
      ...facts.map((fact) => `    ${fact}`),
      `    finish at: ${finishAt ?? leaves ?? "the provider's account page"}`,
    ];
  });
  const head = `Not proved to have ended on ${toRfc3339(nowAt)}:`;
  return `${[head, ...lines.flatMap((entry) => ['', ...entry])].join('\n')}\n`;
}
