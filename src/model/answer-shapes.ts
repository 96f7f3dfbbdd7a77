// The form of what tells answers apart, and of the causes and codes that are put into words.
import type { AnswerRule, DeadGrantCause, ReasonCodes } from './provider.ts';
import { list, may, must, object, oneOf, only, type Reader, refuse, table, text, whole } from './shape.ts';
import { headerName, headerValue, pointer, scope, seconds, words } from './wire-shapes.ts';

type Pause = NonNullable<AnswerRule['retryAfter']>;

const pause: Reader<Pause> = (value, at) => {
  const here = (name: string) => typeof value === 'object' && value !== null && name in value;
  if (here('epochIn')) return object<{ epochIn: string }>({ epochIn: must(headerName) })(value, at);
  if (here('at')) return object<{ at: string }>({ at: must(pointer) })(value, at);
  return object<{ seconds: number }>({ seconds: must(seconds) })(value, at);
};

const meaning = oneOf(
  'grant_dead',
  'person_needed',
  'admin_needed',
  'app_fault',
  'scope_missing',
  'rate_limited',
  'api_disabled',
  'already_dead',
  'transient',
);

const answerShape = object<AnswerRule>({
  on: must(list(oneOf('token', 'probe', 'revoke', 'device', 'callback'), 1)),
  status: may(whole(200, 599)),
  header: may(object({ name: must(headerName), equals: must(headerValue) })),
  at: may(pointer),
  equals: may((value, at) =>
    typeof value === 'boolean' || typeof value === 'number' ? value : text({ most: 300 })(value, at),
  ),
  text: may(text({ most: 300 })),
  means: must(meaning),
  words: must(words),
  explains: may(only(true)),
  retryAfter: may(pause),
});

export const answer: Reader<AnswerRule> = (value, at) => {
  const rule = answerShape(value, at);
  if ([rule.status, rule.header, rule.at, rule.text].every((condition) => condition === undefined)) {
    refuse(at, 'must state a status, a header, a place or a text: it would fit every answer');
  }
  if (rule.equals !== undefined && rule.at === undefined)
    refuse(`${at}/equals`, "needs the place that it compares: 'at'");
  return rule;
};

export const reasonCodes = object<ReasonCodes>({
  at: must(pointer),
  prefix: must(text({ most: 20, fits: /^[A-Za-z]+$/, wants: 'letters' })),
  words: must(table(text({ most: 20, fits: /^\d+$/, wants: 'a number' }), words)),
});

type CauseOf<T> = Extract<DeadGrantCause['when'], { is: T }>;

const scopedCause = object<CauseOf<'has_scope'>>({ is: must(oneOf('has_scope')), scopes: must(list(scope, 1)) });
const plainCause = object<{ is: 'short_grant_over' | 'idle_over' | 'always' }>({
  is: must(oneOf('short_grant_over', 'idle_over', 'always')),
});

export const cause = object<DeadGrantCause>({
  when: must((value, at) => {
    const scoped = typeof value === 'object' && value !== null && 'is' in value && value.is === 'has_scope';
    return scoped ? scopedCause(value, at) : plainCause(value, at);
  }),
  words: must(words),
});
