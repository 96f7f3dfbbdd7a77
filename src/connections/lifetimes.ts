// When an access token still counts as fresh, and when the grant itself ends. Pure: the instant is always given.
import type { Connection, RoleTokens } from '../model/connection.ts';
import { describeSeconds } from '../model/instants.ts';
import type { Lifetimes, Provider } from '../model/provider.ts';

/**
 * Whether the access token can be handed out as it is. A token whose whole life is shorter than `minValidSeconds`
 * is fresh for half its life, so that it is not refreshed at every call.
 */
export function isFresh(
  tokens: RoleTokens,
  provedAt: number | null,
  lifetimes: Pick<Lifetimes, 'trustSeconds'>,
  minValidSeconds: number,
  nowAt: number,
): boolean {
  if (tokens.access === null) return false;
  if (tokens.expiresAt === null)
    return provedAt !== null && passedSince(provedAt, nowAt) < lifetimes.trustSeconds * 1000;
  // More is left than it was issued for: the clock was set back, and how much is really left nobody can tell.
  if (tokens.issuedSeconds !== null && tokens.expiresAt - nowAt > tokens.issuedSeconds * 1000 + toleratedMs)
    return false;
  const neededSeconds =
    tokens.issuedSeconds !== null && tokens.issuedSeconds < minValidSeconds
      ? tokens.issuedSeconds / 2
      : minValidSeconds;
  return tokens.expiresAt - nowAt >= neededSeconds * 1000;
}

/** How far apart two readings of one clock may be without its having been set back. */
const toleratedMs = 60_000;

/** Milliseconds; what lies ahead was noted before the clock was set back, and is as good as long past. */
export function passedSince(at: number, nowAt: number): number {
  return at - nowAt > toleratedMs ? Infinity : nowAt - at;
}

/** Not past its end; a token without a known end has none. */
export function isAlive(tokens: RoleTokens, nowAt: number): boolean {
  return tokens.access !== null && (tokens.expiresAt === null || tokens.expiresAt > nowAt);
}

type GrantTimes = Pick<Connection, 'createdAt' | 'refreshedAt' | 'grantIssuedSeconds'> & {
  readonly accessExpiresAt: number | null;
  readonly refreshPresent: boolean;
  readonly refreshExpiresAt: number | null;
};

/** The earliest end that is known of the grant, and why then; nulls when none is known. */
export function grantEnd(provider: Provider, times: GrantTimes): Connection['grant'] {
  if (!times.refreshPresent) return endWithoutRefresh(provider, times);
  const { refreshAbsoluteSeconds, refreshIdleSeconds, shortGrant } = provider.lifetimes;
  const ends: { endsAt: number; reason: string }[] = [];
  if (times.refreshExpiresAt !== null) {
    const short =
      shortGrant !== null && times.grantIssuedSeconds !== null && times.grantIssuedSeconds <= shortGrant.seconds;
    ends.push({
      endsAt: times.refreshExpiresAt,
      reason: short ? shortGrant.says : `${provider.name} issued the refresh token until then`,
    });
  }
  if (refreshAbsoluteSeconds !== null) {
    ends.push({
      endsAt: times.createdAt + refreshAbsoluteSeconds * 1000,
      reason: `${provider.name} ends a grant ${describeSeconds(refreshAbsoluteSeconds)} after consent`,
    });
  }
  if (refreshIdleSeconds !== null) {
    ends.push({
      endsAt: (times.refreshedAt ?? times.createdAt) + refreshIdleSeconds * 1000,
      reason: `${provider.name} ends a grant that is not used for ${describeSeconds(refreshIdleSeconds)}`,
    });
  }
  ends.sort((a, b) => a.endsAt - b.endsAt);
  return ends[0] ?? { endsAt: null, reason: null };
}

function endWithoutRefresh(provider: Provider, times: GrantTimes): Connection['grant'] {
  if (times.accessExpiresAt !== null) {
    return { endsAt: times.accessExpiresAt, reason: 'there is no refresh token: it ends with the access token' };
  }
  const { accessIdleSeconds } = provider.lifetimes;
  if (accessIdleSeconds === undefined) return { endsAt: null, reason: 'neither an end nor a refresh token was given' };
  return {
    endsAt: (times.refreshedAt ?? times.createdAt) + accessIdleSeconds * 1000,
    reason: `${provider.name} ends a token that is not used for ${describeSeconds(accessIdleSeconds)}`,
  };
}

/** The refresh token of before stays good, whatever became of the request. */
export function losesNothing({ rotation, oldRefreshLives }: Provider): boolean {
  return rotation === 'never' || oldRefreshLives === true;
}

const firstPauseSeconds = 3_600;
const longestPauseSeconds = 86_400;

/** How long unattended callers leave a refused token alone: 1 h, 2 h, 4 h … 24 h. */
export function refusalPauseSeconds(count: number): number {
  return Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** Math.max(0, count - 1));
}
