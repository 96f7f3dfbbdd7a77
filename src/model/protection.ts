// What protects the seal key where it rests, weakest first, and what may be required of it.

/**
 * `none`: it lies beside what it seals. `environment`: a variable, which every child may inherit. `file`: the mode of a file.
 * `external`: a program gives it, and what stands behind that is not known here. `os`: the keychain, or nothing that rests
 * anywhere opens it (a passphrase that is typed).
 */
export const protections = ['none', 'environment', 'file', 'external', 'os'] as const;
export type Protection = (typeof protections)[number];

export interface KeyGuard {
  readonly protection: Protection;
  /** Who else can read the key, for people. */
  readonly readers: string;
}

export function weakest<G extends KeyGuard>(first: G, ...others: readonly G[]): G {
  return others.reduce((weak, one) => (rank(one) < rank(weak) ? one : weak), first);
}

export function satisfies({ protection }: KeyGuard, required: Protection): boolean {
  return protections.indexOf(protection) >= protections.indexOf(required);
}

const rank = ({ protection }: KeyGuard) => protections.indexOf(protection);
