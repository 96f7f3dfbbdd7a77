// Table cells that several commands show: the same fact reads the same everywhere.
import type { Cell, Tone } from '../model/command.ts';
import type { Connection, ConnectionState } from '../model/connection.ts';
import { describeInstant, toRfc3339 } from '../model/instants.ts';
import { saidOnce } from '../model/said-once.ts';

export function textCell(text: string | null, tone: Tone = 'plain'): Cell {
  return text === null ? { text: '', shown: '–', tone: 'dim' } : { text, tone };
}

/** RFC 3339 for programs, seen from now for people. */
export function instantCell(at: number | null, nowAt: number): Cell {
  if (at === null) return textCell(null);
  return {
    text: toRfc3339(at) ?? '',
    // Asked for on a terminal only.
    get shown() {
      return describeInstant(at, nowAt);
    },
  };
}

export function accountCell({ account }: Pick<Connection, 'account'>): Cell {
  return textCell(account.name ?? account.id);
}

/** When the access token ends; one that can be refreshed is nothing to worry about. */
export function accessCell({ accessToken }: Pick<Connection, 'accessToken'>, nowAt: number): Cell {
  const { expiresAt, refreshable } = accessToken;
  if (expiresAt === null) return textCell(null);
  const over = expiresAt <= nowAt;
  return {
    text: toRfc3339(expiresAt) ?? '',
    get shown() {
      return `${describeInstant(expiresAt, nowAt)}${refreshable ? ', refreshes' : ''}`;
    },
    tone: over && !refreshable ? 'bad' : 'plain',
  };
}

/** How long it lives: access token, grant, and why the grant ends then. */
export function lifeCells(connection: Pick<Connection, 'accessToken' | 'grant'>, nowAt: number): readonly Cell[] {
  const { endsAt, reason } = connection.grant;
  return [accessCell(connection, nowAt), instantCell(endsAt, nowAt), textCell(reason)];
}

const marks: Readonly<Record<ConnectionState, readonly [mark: string, tone: Tone]>> = {
  healthy: ['✓', 'good'],
  expiring: ['!', 'warn'],
  scope_missing: ['!', 'warn'],
  unverified: ['?', 'plain'],
  expired: ['!', 'warn'],
  reconnect_required: ['✗', 'bad'],
  app_rejected: ['✗', 'bad'],
  uncertain: ['?', 'warn'],
  unreachable: ['?', 'warn'],
  unreadable: ['✗', 'bad'],
};

/** A mark with its word beside it: colour alone says nothing to many. */
export function stateCell(state: ConnectionState): Cell {
  const [mark, tone] = marks[state];
  return { text: state, shown: `${mark} ${state.replaceAll('_', ' ')}`, tone, whole: true };
}

export function outcomeCell(outcome: string, tone: Tone): Cell {
  const mark = { good: '✓', warn: '!', bad: '✗', dim: '?', plain: ' ' }[tone];
  return { text: outcome, shown: `${mark} ${outcome.replaceAll('_', ' ')}`, tone, whole: true };
}

/** Granted against asked. */
export function scopesCell({ scopes: { granted, missing } }: Connection): Cell {
  const text = granted.join(' ');
  if (missing.length === 0) return textCell(text === '' ? null : text);
  return { text, shown: `${text} (without ${missing.join(' ')})`, tone: 'warn' };
}

/** For below a table: why grants end when they do, each reason once; null where that is not asked. */
export function reasonLines(connections: readonly (Pick<Connection, 'name' | 'grant'> | null)[]): string[] {
  return saidOnce(
    connections.flatMap((one) => {
      const reason = one?.grant.reason ?? null;
      return one === null || reason === null ? [] : [{ name: one.name, words: reason }];
    }),
  );
}

export function grantCell({ grant, refreshToken }: Connection, nowAt: number): Cell {
  const { endsAt, reason } = grant;
  if (endsAt === null) return { text: '', shown: refreshToken.present ? 'no known end' : 'unknown', tone: 'dim' };
  const cell = instantCell(endsAt, nowAt);
  return { ...cell, shown: `ends ${cell.shown}${reason === null ? '' : `: ${reason}`}` };
}
