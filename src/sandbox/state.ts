// The sandbox's one file: switches, the violation log, the signing key and what each provider remembers.
// Tokens, codes and device codes are in it as SHA-256 only: they carry 256 random bits, so a bare hash tells nothing.
import { createHash } from 'node:crypto';
import { CliError } from '../errors.ts';
import { isJsonObject, parseJson } from '../model/json.ts';
import type { Files } from '../model/ports.ts';
import type { Violation } from './sandbox.ts';
import type { SwitchSetting } from './switches.ts';

export interface SandboxState {
  readonly version: 1;
  switches: Record<string, SwitchSetting>;
  violations: Violation[];
  /** Private RSA key as a JWK, made when an id_token is first signed. It signs for nobody but this sandbox. */
  signingKey: Record<string, unknown> | null;
  /** By provider family; each folder knows the shape of its own part. */
  readonly families: Record<string, object>;
}

function emptyState(): SandboxState {
  return { version: 1, switches: {}, violations: [], signingKey: null, families: {} };
}

/** The part of the state that belongs to one provider family; only its folder reads it. */
export function familyState<S extends object>(state: SandboxState, family: string, empty: () => S): S {
  state.families[family] ??= empty();
  return state.families[family] as S;
}

export function hashOf(secretText: string): string {
  return createHash('sha256').update(secretText).digest('base64url');
}

const violationsKept = 200;

export function recordViolation(state: SandboxState, violation: Violation): void {
  state.violations = [...state.violations, violation].slice(-violationsKept);
}

/** Drops what is over, then the oldest beyond the limit: the file must stay far below 1 MiB. Keys keep their order of insertion. */
export function keepNewest<T>(records: Record<string, T>, limit: number, isOver: (record: T) => boolean): void {
  for (const [key, record] of Object.entries(records)) if (isOver(record)) delete records[key];
  const keys = Object.keys(records);
  for (const key of keys.slice(0, Math.max(0, keys.length - limit))) delete records[key];
}

export interface StateFile {
  read(): Promise<SandboxState>;
  /** Reads, changes, and writes when something changed. The caller holds the lock. */
  change<T>(act: (state: SandboxState) => T): Promise<T>;
}

export function openStateFile(files: Files, path: string): StateFile {
  const readText = () => files.readOwn(path);
  return {
    read: async () => parseState(await readText(), path),
    change: async (act) => {
      const before = await readText();
      const state = parseState(before, path);
      const result = act(state);
      const after = `${JSON.stringify(state)}\n`;
      if (after !== before) {
        if (before === undefined) await files.ensureFolder(path.replace(/[\\/][^\\/]*$/, ''));
        await files.replaceOwn(path, after);
      }
      return result;
    },
  };
}

function parseState(text: string | undefined, path: string): SandboxState {
  if (text === undefined) return emptyState();
  const state = parseJson(text);
  if (isState(state)) return state;
  throw new CliError('store_unavailable', `${path} is not a sandbox's state that this version can read`, {
    hint: `remove ${path}: sandbox grants are worth nothing`,
  });
}

/** As far as it is the same for every family: what is deeper in a family's part is that family's own. */
function isState(value: unknown): value is SandboxState {
  if (!isJsonObject(value) || value.version !== 1) return false;
  const { switches, violations, signingKey, families } = value;
  const holds = (parts: unknown): boolean => isJsonObject(parts) && Object.values(parts).every(isJsonObject);
  const isList = Array.isArray(violations) && violations.every(isJsonObject);
  return holds(switches) && isList && (signingKey === null || isJsonObject(signingKey)) && holds(families);
}
