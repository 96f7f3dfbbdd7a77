// Whether a grant from a file may be stored under its name: the same rules as for a grant that was just signed in to.
import { CliError } from '../../errors.ts';
import type { Connection } from '../../model/connection.ts';
import { describeInstant } from '../../model/instants.ts';
import { whose } from '../adopt-grant.ts';
import { sameHolder } from '../same-account.ts';

export interface Taking {
  /** As it was typed, for hints. */
  readonly command: string;
  /** An older copy may take the place of a newer one. */
  readonly force: boolean;
  readonly nowAt: number;
}

/** What becomes of the record. Throws `account_differs`, and `invalid_value` for a copy that is older than what is stored. */
export function judgeIncoming(
  incoming: Connection,
  existing: Connection | undefined,
  { command, force, nowAt }: Taking,
): 'store' | 'replace' | 'same' {
  if (existing === undefined) return 'store';
  const { name } = incoming;
  if (!sameHolder(existing.account, incoming.account)) {
    const sameName = existing.account.name === incoming.account.name;
    const [before, now] = [whose(existing.account, sameName), whose(incoming.account, sameName)];
    throw new CliError('account_differs', `'${name}' here belongs to ${before}, and the one in the file to ${now}`, {
      hint: `${command} --as LABEL`,
    });
  }
  if (force) return 'replace';
  const [here, there] = [lastChange(existing), lastChange(incoming)];
  if (there > here) return 'replace';
  if (there === here && existing.clientId === incoming.clientId) return 'same';
  const [old, recent] = [describeInstant(there, nowAt), describeInstant(here, nowAt)];
  throw new CliError('invalid_value', `'${name}' here was refreshed ${recent}, and the one in the file ${old}`, {
    hint: `${command} --force`,
  });
}

function lastChange({ refreshedAt, createdAt }: Connection): number {
  return refreshedAt ?? createdAt;
}
