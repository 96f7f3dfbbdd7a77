// Freshness and the end of a grant, on numbers alone.
import { describe, expect, it } from 'vitest';
import { grantEnd, isAlive, isFresh, refusalPauseSeconds } from '../../src/connections/lifetimes.ts';
import type { RoleTokens } from '../../src/model/connection.ts';
import type { Lifetimes, Provider } from '../../src/model/provider.ts';
import { Secret } from '../../src/model/secret.ts';

const now = Date.parse('2026-11-25T12:00:00Z');
const day = 86_400;
const lifetimes: Lifetimes = {
  accessSeconds: null,
  trustSeconds: 300,
  refreshIdleSeconds: null,
  refreshAbsoluteSeconds: null,
  shortGrant: null,
};

function token(leftSeconds: number | null, issuedSeconds: number | null = 3600): RoleTokens {
  const expiresAt = leftSeconds === null ? null : now + leftSeconds * 1000;
  return { access: new Secret('a'), tokenType: 'Bearer', expiresAt, issuedSeconds, refresh: null };
}

describe('isFresh', () => {
  it.each([
    [60, true],
    [59, false],
    [-1, false],
  ])('wants the minimum of validity: %i s left → %s', (left, fresh) => {
    expect(isFresh(token(left), null, lifetimes, 60, now)).toBe(fresh);
  });

  it('takes a token that never lives as long as the minimum for half its life', () => {
    expect(isFresh(token(15, 30), null, lifetimes, 60, now)).toBe(true);
    expect(isFresh(token(14, 30), null, lifetimes, 60, now)).toBe(false);
  });

  it('believes a token without a known end for the trust span after it was proved', () => {
    expect(isFresh(token(null, null), now - 299_000, lifetimes, 60, now)).toBe(true);
    expect(isFresh(token(null, null), now - 300_000, lifetimes, 60, now)).toBe(false);
    expect(isFresh(token(null, null), null, lifetimes, 60, now)).toBe(false);
  });

  it('never takes an absent token for a fresh one', () => {
    expect(isFresh({ ...token(3600), access: null }, now, lifetimes, 60, now)).toBe(false);
  });
});

it('isAlive ends with the last millisecond', () => {
  expect(isAlive(token(1), now)).toBe(true);
  expect(isAlive(token(0), now)).toBe(false);
});

describe('grantEnd', () => {
  const at = (rules: Partial<Lifetimes>) => ({ name: 'Acme', lifetimes: { ...lifetimes, ...rules } }) as Provider;
  const times = {
    createdAt: now,
    refreshedAt: null,
    grantIssuedSeconds: null,
    accessExpiresAt: now + 3_600_000,
    refreshPresent: true,
    refreshExpiresAt: null,
  };

  it('is the access token where there is no refresh token', () => {
    expect(grantEnd(at({}), { ...times, refreshPresent: false }).endsAt).toBe(now + 3_600_000);
  });

  it('is unknown where nothing is known', () => {
    expect(grantEnd(at({}), times)).toEqual({ endsAt: null, reason: null });
  });

  it('is the earliest of what the provider issued, the idle and the absolute limit', () => {
    const rules = at({ refreshIdleSeconds: 90 * day, refreshAbsoluteSeconds: 365 * day });
    expect(grantEnd(rules, times)).toEqual({
      endsAt: now + 90 * day * 1000,
      reason: 'Acme ends a grant that is not used for 90 days',
    });
    const issued = { ...times, refreshExpiresAt: now + 7 * day * 1000, grantIssuedSeconds: 7 * day };
    expect(grantEnd(rules, issued).endsAt).toBe(now + 7 * day * 1000);
  });

  it('counts idleness from the last refresh, and the absolute limit from consent', () => {
    const used = { ...times, createdAt: now - 100 * day * 1000, refreshedAt: now };
    expect(grantEnd(at({ refreshIdleSeconds: 90 * day }), used).endsAt).toBe(now + 90 * day * 1000);
    expect(grantEnd(at({ refreshAbsoluteSeconds: 365 * day }), used).endsAt).toBe(now + 265 * day * 1000);
  });

  it('names what a short life at issue gives away', () => {
    const rules = at({ shortGrant: { seconds: 7 * day, says: 'the app is still in Testing' } });
    const issued = { ...times, refreshExpiresAt: now + 1, grantIssuedSeconds: 604_799 };
    expect(grantEnd(rules, issued).reason).toBe('the app is still in Testing');
    expect(grantEnd(rules, { ...issued, grantIssuedSeconds: 8 * day }).reason).not.toContain('Testing');
  });
});

it('refusalPauseSeconds grows from an hour to a day', () => {
  expect([1, 2, 3, 4, 5, 6, 50].map((count) => refusalPauseSeconds(count) / 3600)).toEqual([1, 2, 4, 8, 16, 24, 24]);
});
