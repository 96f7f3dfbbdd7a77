// Whether a grant from a file may be stored under its name: the same rules as for a grant that was just signed in to.
import { CliError } from '../../errors.ts';
import type { Connection } from '../../model/connection.ts';
import { describeInstant } from '../../model/instants.ts';
import type { Again } from '../../model/typed-again.ts';
import { whose } from '../adopt-grant.ts';
import { sameHolder } from '../same-account.ts';

export interface Taking {
  /** As it was typed, for hints; without --force. */
  readonly again: Again;
  /** Nothing else is in the file, so that it can be given a label. */
  readonly isOnly: boolean;
  /** The first refresh of one copy ends the other. */
  readonly singleUse: boolean;
  /** An older copy may take the place of a newer one. */
  readonly force: boolean;
  readonly nowAt: number;
}

export interface Verdict {
  readonly verdict: 'store' | 'replace' | 'same';
  /** What it means that an older copy takes the place of a newer one, where only one of them can work. */
  readonly warning?: string;
}

/** What becomes of the record. Throws `account_differs`, and `invalid_value` for a copy that is older than what is stored. */
export function judgeIncoming(incoming: Connection, existing: Connection | undefined, taking: Taking): Verdict {
  if (existing === undefined) return { verdict: 'store' };
  const { again, force, isOnly, singleUse, nowAt } = taking;
  const { name } = incoming;
  if (!sameHolder(existing.account, incoming.account)) {
    const sameName = existing.account.name === incoming.account.name;
    const [before, now] = [whose(existing.account, sameName), whose(incoming.account, sameName)];
    throw new CliError('account_differs', `'${name}' here belongs to ${before}, and the one in the file to ${now}`, {
      hint: isOnly ? again({ as: 'LABEL' }) : `oauthctl rename ${name} LABEL`,
    });
  }
  const [here, there] = [lastChange(existing), lastChange(incoming)];
  if (there > here) return { verdict: 'replace' };
  if (there === here && existing.clientId === incoming.clientId) return { verdict: 'same' };
  const used = singleUse ? ', so that its refresh token is most likely used up' : '';
  const words = `'${name}' here was ${changed(existing, nowAt)}, and the one in the file ${changed(incoming, nowAt)}${used}; --force puts it back all the same`;
  if (force) return { verdict: 'replace', ...(singleUse ? { warning: words } : {}) };
  throw new CliError('invalid_value', words, { hint: again({ force: true }) });
}

function lastChange({ refreshedAt, createdAt }: Connection): number {
  return refreshedAt ?? createdAt;
}

function changed(connection: Connection, nowAt: number): string {
  return `${connection.refreshedAt === null ? 'connected' : 'refreshed'} ${describeInstant(lastChange(connection), nowAt)}`;
}
