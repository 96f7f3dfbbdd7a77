// What `export` and `import` do, as their commands offer and show it.
import type { CliError } from '../errors.ts';
import type { Connection } from './connection.ts';
import { flag, instant, list, object, oneOf, orNull, shared, text } from './json-schema.ts';

export interface ExportResult {
  readonly name: string;
  readonly account: Connection['account'] | null;
  readonly outcome: 'exported' | 'failed';
  /** Whether it is still stored here. */
  readonly local: 'kept' | 'forgotten';
  readonly problem: CliError | null;
}

export interface ImportResult {
  /** As it is stored. */
  readonly name: string;
  readonly provider: string;
  readonly account: Connection['account'];
  readonly app: string;
  /** `same`: what is stored is as new. `kept`: a bundle was older, or another state of the same age. `would_…`: nothing was done, as asked. */
  readonly outcome: 'stored' | 'replaced' | 'same' | 'kept' | 'refused' | 'would_store' | 'would_replace';
  /** What the provider said of the token. `ended`: not asked, since only a refresh could tell. */
  readonly checked: 'accepted' | 'ended' | 'unreachable' | 'nothing_to_ask' | 'not_asked';
  readonly problem: CliError | null;
}

/** Where access tokens can go in the clear. */
export const tokenForms = ['github-actions', 'gitlab', 'dotenv', 'stdout'] as const;
export type TokenForm = (typeof tokenForms)[number];

/** What `import` answers, whatever it was given. */
export const importAnswer = object({
  from: orNull(object({ host: text, created_at: instant, moved: flag })),
  results: list(
    object({
      name: text,
      provider: text,
      account: object({ id: orNull(text), name: orNull(text) }),
      app: text,
      outcome: oneOf('stored', 'replaced', 'same', 'kept', 'refused', 'would_store', 'would_replace'),
      checked: oneOf('accepted', 'ended', 'unreachable', 'nothing_to_ask', 'not_asked'),
      problem: orNull(shared('problem')),
    }),
  ),
  plain_file: orNull(object({ path: text, removed: flag })),
});
