// What may follow what was typed: commands, flags, choices, and names from the tree. Pure; the names come from `sources`.
import type { ArgumentDefinition, CommandDefinition, OptionDefinition } from '../model/command.ts';
import { globalOptions } from '../model/global-options.ts';
import type { Offer } from './completion-words.ts';

type Completed = NonNullable<(ArgumentDefinition | OptionDefinition)['completes']>;
export type NamedThing = Exclude<Completed, 'file' | 'folder'>;

/** `flags`: the global flags typed so far, by their long names, so that names come from the tree that is meant. `provider`: typed so far. */
export interface CompletionSources {
  names(what: NamedThing, flags: TypedFlags, provider: string | undefined): Promise<readonly Offer[]>;
  files(prefix: string, foldersOnly: boolean): Promise<readonly Offer[]>;
}

type TypedFlags = ReadonlyMap<string, string>;

interface Place {
  readonly path: readonly string[];
  readonly command: CommandDefinition | undefined;
  readonly operands: readonly string[];
  readonly flags: TypedFlags;
  /** The option whose value is being typed. */
  readonly awaiting: OptionDefinition | undefined;
  readonly onlyOperands: boolean;
  /** An unknown word stands where a command should. */
  readonly lost: boolean;
}

export async function complete(
  before: readonly string[],
  current: string,
  definitions: readonly CommandDefinition[],
  sources: CompletionSources,
): Promise<readonly Offer[]> {
  const place = walk(before, definitions);
  const offers = await offersAt(place, current, definitions, sources);
  return offers.filter(({ value }) => value.startsWith(current));
}

async function offersAt(
  place: Place,
  current: string,
  definitions: readonly CommandDefinition[],
  sources: CompletionSources,
): Promise<readonly Offer[]> {
  if (place.lost) return [];
  if (place.awaiting !== undefined) return valuesOf(place.awaiting, current, place, sources);
  if (current.startsWith('-') && !place.onlyOperands) {
    const [name, value] = splitOnce(current, '=');
    const option = optionsAt(place).find((candidate) => `--${candidate.name}` === name);
    if (value === undefined || option?.value === undefined) return flagOffers(place);
    const values = await valuesOf(option, value, place, sources);
    return values.map((offer) => ({ ...offer, value: `${name}=${offer.value}` }));
  }
  if (place.command === undefined) return commandOffers(place, definitions);
  const argument = argumentAt(place);
  return argument === undefined ? [] : valuesOf(argument, current, place, sources);
}

function walk(words: readonly string[], definitions: readonly CommandDefinition[]): Place {
  let place: Place = {
    path: [],
    command: undefined,
    operands: [],
    flags: new Map(),
    awaiting: undefined,
    onlyOperands: false,
    lost: false,
  };
  for (const word of words) place = step(place, word, definitions);
  return place;
}

function step(place: Place, word: string, definitions: readonly CommandDefinition[]): Place {
  const { awaiting } = place;
  if (awaiting !== undefined) {
    return { ...place, awaiting: undefined, flags: new Map(place.flags).set(awaiting.name, word) };
  }
  if (word === '--' && !place.onlyOperands) return { ...place, onlyOperands: true };
  if (word.startsWith('-') && word !== '-' && !place.onlyOperands) return stepOverFlag(place, word);
  if (place.command !== undefined) return { ...place, operands: [...place.operands, word] };
  const path = [...place.path, word];
  const found = definitions.find(({ path: own, aliases = [] }) => {
    const names = [own.at(-1), ...aliases];
    return own.length === path.length && own.slice(0, -1).join(' ') === place.path.join(' ') && names.includes(word);
  });
  if (found === undefined) return { ...place, lost: true };
  const isGroup = definitions.some(({ path: below }) => below.length > found.path.length && below[0] === found.path[0]);
  return { ...place, path: found.path, command: isGroup ? undefined : found };
}

function stepOverFlag(place: Place, word: string): Place {
  const [name, value] = splitOnce(word, '=');
  const option = optionsAt(place).find(
    (candidate) => `--${candidate.name}` === name || (candidate.short !== undefined && `-${candidate.short}` === name),
  );
  if (option === undefined) return place;
  const waits = option.value !== undefined && option.valueOptional !== true && value === undefined;
  return waits
    ? { ...place, awaiting: option }
    : { ...place, flags: new Map(place.flags).set(option.name, value ?? '') };
}

const optionsAt = ({ command }: Place): readonly OptionDefinition[] => [...(command?.options ?? []), ...globalOptions];

function flagOffers(place: Place): readonly Offer[] {
  const help = { value: '--help', says: 'what it does and takes' };
  const free = optionsAt(place).filter(({ name, repeatable }) => repeatable || !place.flags.has(name));
  return [...free.map(({ name, says }) => ({ value: `--${name}`, says })), help];
}

function commandOffers({ path }: Place, definitions: readonly CommandDefinition[]): readonly Offer[] {
  return definitions
    .filter((definition) => definition.path.length === path.length + 1)
    .filter((definition) => definition.path.slice(0, -1).join(' ') === path.join(' '))
    .flatMap(({ path: own, aliases = [], summary }) =>
      [own.at(-1) ?? '', ...aliases].map((value) => ({ value, says: summary })),
    );
}

function argumentAt({ command, operands }: Place): ArgumentDefinition | undefined {
  const takes = command?.arguments ?? [];
  const last = takes.at(-1);
  return takes[operands.length] ?? (last?.variadic ? last : undefined);
}

async function valuesOf(
  wanted: ArgumentDefinition | OptionDefinition,
  current: string,
  place: Place,
  sources: CompletionSources,
): Promise<readonly Offer[]> {
  const { choices, completes, says } = wanted;
  const fixed = choices ?? ('offers' in wanted ? (wanted.offers ?? []) : []);
  const offers = fixed.map((value) => ({ value, says }));
  if (completes === undefined) return offers;
  return [...offers, ...(await found(completes, current, place, sources))];
}

async function found(
  completes: Completed,
  current: string,
  place: Place,
  sources: CompletionSources,
): Promise<readonly Offer[]> {
  if (completes === 'file' || completes === 'folder') return sources.files(current, completes === 'folder');
  const offers = await sources.names(completes, place.flags, providerAt(place));
  // `--scope +S` adds to the default.
  if (completes === 'scope' && current.startsWith('+'))
    return offers.map(({ value, says }) => ({ value: `+${value}`, says }));
  return offers.filter(({ value }) => !place.operands.includes(value));
}

/** Connections are named after their provider. */
function providerAt({ command, operands, flags }: Place): string | undefined {
  const at = command?.arguments.findIndex(({ completes }) => completes !== undefined && completes !== 'file') ?? -1;
  return (at === -1 ? flags.get('provider') : operands[at])?.split(':', 1)[0];
}

function splitOnce(text: string, mark: string): readonly [string, string | undefined] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
