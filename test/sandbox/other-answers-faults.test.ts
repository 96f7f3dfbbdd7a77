// The faults that every service has, met by the program at each of the ten: nothing is lost by one that passes, and what ends a
// grant is told as such.
import { test } from 'vitest';
import { expectStory, nameOf } from './other-answers.ts';
import { faultRows } from './other-answers-faults.ts';

test.each(faultRows.map((row) => [nameOf(row), row] as const))('%s', (_, row) => expectStory(row));
