// A command that is told to be run next must meet the tree that this one met: it repeats the flags that chose it,
// and those without which the network is out of reach.
import { shellWord } from '../model/typed-again.ts';

export interface TreeFlags {
  readonly sandbox: boolean;
  readonly key: string | undefined;
  readonly envFile: string | undefined;
  readonly caFile: string | undefined;
  readonly configDir: string | undefined;
  readonly dataDir: string | undefined;
  readonly stateDir: string | undefined;
}

export const noTreeFlags: TreeFlags = {
  sandbox: false,
  key: undefined,
  envFile: undefined,
  caFile: undefined,
  configDir: undefined,
  dataDir: undefined,
  stateDir: undefined,
};

/** Adds the flags to every command of ours that the words name. */
export function onSameTree({ sandbox, ...named }: TreeFlags): (words: string) => string {
  const given = [
    ['--config-dir', named.configDir],
    ['--data-dir', named.dataDir],
    ['--state-dir', named.stateDir],
    ['--key', named.key],
    ['--env-file', named.envFile],
    ['--ca-file', named.caFile],
  ] as const;
  const flags = [
    ...(sandbox ? ['--sandbox'] : []),
    ...given.flatMap(([flag, value]) => (value === undefined ? [] : [`${flag} ${shellWord(value)}`])),
  ];
  if (flags.length === 0) return (words) => words;
  return (words) => words.replace(/\boauthctl (?=[a-z])/g, () => `oauthctl ${flags.join(' ')} `);
}
