// What a command is, as data: enough for commander, help, completions and the docs without loading the command.
import type { JsonObject } from './json.ts';

export interface ArgumentDefinition {
  readonly name: string;
  readonly says: string;
  readonly required: boolean;
  readonly variadic?: boolean;
  readonly choices?: readonly string[];
  /** What the shell offers. */
  readonly completes?: 'connection' | 'provider' | 'app-provider' | 'file';
}

export interface OptionDefinition {
  /** Long name without dashes: `client-id`. */
  readonly name: string;
  readonly short?: string;
  readonly says: string;
  /** Placeholder of the value, in capitals; a flag without one is a switch. */
  readonly value?: string;
  /** The value may be left out (`--watch [SECONDS]`). */
  readonly valueOptional?: boolean;
  readonly type?: 'text' | 'integer' | 'duration';
  readonly choices?: readonly string[];
  readonly repeatable?: boolean;
  /** What the shell offers beside anything else that may be typed. */
  readonly offers?: readonly string[];
  /** `app`, `kind`, `role`, `scope`: those of the provider whose name, or whose connection's, was typed. */
  readonly completes?: 'connection' | 'provider' | 'app' | 'kind' | 'role' | 'scope' | 'file' | 'folder';
}

export interface CommandDefinition {
  /** `['app', 'set']` for `oauthctl app set`. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly says?: string;
  readonly aliases?: readonly string[];
  readonly arguments: readonly ArgumentDefinition[];
  readonly options: readonly OptionDefinition[];
  readonly examples: readonly string[];
}

/** What was typed after parsing: option values by camelCase name, arguments by name. */
export interface CommandInput {
  readonly arguments: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly options: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
}

export type Tone = 'good' | 'warn' | 'bad' | 'dim' | 'plain';

/** A cell has one text for pipes and, where it differs, one for people. */
export interface Cell {
  readonly text: string;
  readonly shown?: string;
  readonly tone?: Tone;
  /** Never cut to fit the terminal. */
  readonly whole?: boolean;
}

export type View =
  | {
      readonly kind: 'table';
      readonly columns: readonly string[];
      /** Cells beyond the columns are for pipes only. */
      readonly rows: readonly (readonly Cell[])[];
      readonly whenEmpty: string;
      /** Lines below the table, on a terminal only. */
      readonly notes?: readonly string[];
      readonly after?: readonly string[];
    }
  | {
      readonly kind: 'facts';
      readonly facts: readonly { readonly name: string; readonly cell: Cell }[];
      readonly after?: readonly string[];
    }
  | { readonly kind: 'text'; readonly text: string }
  /** Bytes for other programs: printed as they are, also under --json. */
  | { readonly kind: 'bare'; readonly text: string }
  | { readonly kind: 'nothing' };

export interface CommandResult {
  /** `data` of the --json envelope. */
  readonly data: JsonObject;
  readonly view: View;
  /** 0 when left out. */
  readonly exit?: number;
}
