// What ends a grant, met by the program at each of the ten services: it is told as such, and a network that is down throughout
// ends nothing.
import { test } from 'vitest';
import { expectStory, nameOf } from './other-answers.ts';
import { grantRows } from './other-answers-grants.ts';

test.each(grantRows.map((row) => [nameOf(row), row] as const))('%s', (_, row) => expectStory(row));
