// What a provider's answers mean for a grant and for the person.

/** What an answer from the provider means for the grant and for the person. */
export type Meaning =
  | 'grant_dead'
  | 'person_needed'
  | 'admin_needed'
  | 'app_fault'
  | 'scope_missing'
  | 'rate_limited'
  | 'api_disabled'
  | 'already_dead'
  | 'transient';

/** Where an answer came from. */
export type AnswerPlace = 'token' | 'probe' | 'revoke' | 'device' | 'callback';

/** One row of the answer table; the first row that fits wins. All stated conditions must hold. */
export interface AnswerRule {
  readonly on: readonly AnswerPlace[];
  readonly status?: number;
  readonly header?: { readonly name: string; readonly equals: string };
  /** A JSON pointer (RFC 6901) into the JSON body. */
  readonly at?: string;
  readonly equals?: string | number | boolean;
  /** The whole body, where it is plain text: trimmed, in any case. */
  readonly text?: string;
  readonly means: Meaning;
  /** What a person reads: the cause. */
  readonly words: string;
  /** The error names the cause: none of `deadGrantCauses` is guessed beside it. */
  readonly explains?: true;
  /** Where the pause to make is said, when not in Retry-After: a header of epoch seconds, a place of seconds in the body, or nowhere. */
  readonly retryAfter?: { readonly epochIn: string } | { readonly at: string } | { readonly seconds: number };
}

/** Numbered reasons beside an error. They explain to people and decide nothing. */
export interface ReasonCodes {
  /** JSON pointer to a number or a list of numbers. */
  readonly at: string;
  /** What stands before the number in a description: `AADSTS`. */
  readonly prefix: string;
  readonly words: Readonly<Record<string, string>>;
}

/** What a provider never says itself: causes of a dead grant, likeliest first when its condition holds. */
export interface DeadGrantCause {
  readonly when:
    | { readonly is: 'short_grant_over' }
    | { readonly is: 'idle_over' }
    | { readonly is: 'has_scope'; readonly scopes: readonly string[] }
    | { readonly is: 'always' };
  readonly words: string;
}
