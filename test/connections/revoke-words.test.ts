// What a revocation came to, for people: each sentence once, with the names that it is about.
import { expect, test } from 'vitest';
import type { RevokeResult } from '../../src/connections/revoke.ts';
import { wordsOnEnds } from '../../src/connections/revoke-words.ts';

const ended = (name: string, more: Partial<RevokeResult> = {}): RevokeResult => ({
  name,
  remote: 'revoked',
  proof: 'probe_rejected',
  local: 'deleted',
  alsoAffected: [],
  aliveUntil: null,
  finishAt: null,
  leaves: null,
  problem: null,
  ...more,
});

test('what stays at the provider is said once for all of its connections', () => {
  const leaves = 'the app stays installed';
  expect(
    wordsOnEnds(
      [
        ended('a:1', { leaves }),
        ended('b', { alsoAffected: ['c'], finishAt: 'https://b.example' }),
        ended('a:2', { leaves }),
      ],
      0,
    ),
  ).toEqual(['a:1, a:2: the app stays installed', 'b: this ended c too', 'b: to make sure, look at https://b.example']);
});
