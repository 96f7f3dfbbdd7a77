// Why there is no usable seal key, in words for people.
import { CliError } from '../errors.ts';
import type { KeySource } from './key-source.ts';

const notThisOne = (own: string) => `leave it out: this tree's key is ${own}`;

/** `own`: where the tree's key really is, when another source was asked for. */
export function keyMissing(
  source: KeySource,
  kid: string,
  state: 'absent' | 'empty',
  own: string | undefined,
): CliError {
  const what = state === 'empty' ? 'is empty' : 'is not there';
  return new CliError('key_missing', `the seal key is missing: ${source.describe(kid)} ${what}`, {
    hint:
      own === undefined
        ? 'bring it back; without it: oauthctl key reset moves what it sealed aside and lists what to reconnect'
        : notThisOne(own),
  });
}

export function keyFileMissing(keyFile: string): CliError {
  return new CliError('key_missing', `there are sealed records, but ${keyFile}, which says what opens them, is gone`, {
    hint: 'restore it from a backup; without it: oauthctl key reset',
  });
}

export function keyMismatch(tried: string, own: string): CliError {
  return new CliError(
    'key_mismatch',
    `${tried} holds another key than the one this tree is sealed with; nothing was written`,
    { hint: tried === own ? bringBack : notThisOne(own) },
  );
}

const bringBack = 'bring the right key back, or: oauthctl key reset';

/** What came from elsewhere is of a tree whose key is not here. */
export function foreignKeyMissing(source: KeySource, kid: string): CliError {
  return new CliError(
    'key_missing',
    `it is sealed with a key that is not here: ${source.describe(kid)} has none; nothing was written`,
    { hint: 'set OAUTHCTL_KEY to the key that it was sealed with' },
  );
}

export function foreignSource(named: string): CliError {
  return new CliError(
    'key_unavailable',
    `its key is said to come from ${named}, which what comes from elsewhere may not choose; nothing was written`,
    { hint: 'say yourself where the key is: --key SOURCE, or OAUTHCTL_KEY' },
  );
}

export function foreignTree(dataFolder: string): CliError {
  return new CliError(
    'key_mismatch',
    `it is sealed with another key than what is in ${dataFolder}; nothing was written`,
    { hint: 'give it a data folder of its own: --data-dir DIR' },
  );
}

/** Of an existing tree; `own` as above. */
export function keyMalformed(source: KeySource, kid: string, own: string | undefined): CliError {
  return malformed(source, kid, own === undefined ? bringBack : notThisOne(own));
}

export function newKeyMalformed(source: KeySource, kid: string): CliError {
  return malformed(source, kid, 'set it to what `openssl rand -base64 32` prints, and keep that');
}

function malformed(source: KeySource, kid: string, hint: string): CliError {
  const message = `${source.describe(kid)} does not hold a seal key (32 bytes in base64)`;
  return new CliError('key_unavailable', message, { hint });
}

export function keyBesideData(path: string, flag: '--key' | '--to'): CliError {
  return new CliError(
    'key_unavailable',
    `no key is made at ${path}: it would lie in the data folder, beside what it seals`,
    {
      hint: `choose a place elsewhere: ${flag} file:PATH`,
    },
  );
}

export function keyNotThere(what: string, kid: string, source: KeySource): CliError {
  return new CliError('key_unavailable', `${source.describe(kid)} ${what}; nothing was changed`, {
    hint: 'to carry this key there: oauthctl key move --to file:PATH, then put what that file holds there',
  });
}

export function otherKeyThere(kid: string, source: KeySource): CliError {
  return new CliError(
    'key_mismatch',
    `${source.describe(kid)} holds another key than this tree's; nothing was changed`,
    { hint: 'choose another place, or take the other key away first' },
  );
}

export function noKeyYet(dataFolder: string): CliError {
  return new CliError('key_missing', `there is no key yet in ${dataFolder}`, {
    hint: 'the first command that stores something makes one, in the source that --key names',
  });
}

export function keyFilesGone(keyFile: string): CliError {
  return new CliError('key_missing', `${keyFile} has gone meanwhile; nothing was written`, {
    hint: 'run the same command again',
  });
}

export function rotationUnderWay(): CliError {
  return new CliError('key_unavailable', 'a rotation of the seal key is under way; nothing was changed', {
    hint: 'oauthctl key rotate goes on with it',
  });
}
