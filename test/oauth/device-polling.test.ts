// The polling of a device code: every way in which it goes on or ends.
import { describe, expect, test } from 'vitest';
import { CliError } from '../../src/errors.ts';
import type { Json } from '../../src/model/json.ts';
import { runDevice } from '../../src/oauth/flows/device.ts';
import { createWorld } from '../support/world.ts';
import { codes, device, error, granted, rule } from './device-rig.ts';
import { complete, flowIn, json, makePeer, script, text, tokenAnswer } from './rig.ts';

describe('the polling', () => {
  test.each([
    ['no interval is five seconds', { interval: undefined }, [tokenAnswer], 5],
    ['an interval of nothing is five seconds', { interval: 0 }, [tokenAnswer], 5],
    ['an interval as a text', { interval: '7' }, [tokenAnswer], 7],
    ['slow_down adds five seconds for good', {}, [error('slow_down'), error('authorization_pending'), tokenAnswer], 25],
    ['slow_down with a new interval', {}, [error('slow_down', 400, { interval: 12 }), tokenAnswer], 17],
    ['slow_down with a shorter one', {}, [error('slow_down', 400, { interval: 1 }), tokenAnswer], 15],
    ['pending at another status', {}, [error('authorization_pending', 428), tokenAnswer], 10],
    ['pending at 200', {}, [error('authorization_pending', 200), tokenAnswer], 10],
    ['slow_down at 200', {}, [error('slow_down', 200, { interval: 10 }), tokenAnswer], 15],
    ['slow_down at 403', {}, [error('slow_down', 403), tokenAnswer], 15],
    ['a lost connection slows down', {}, [new CliError('unreachable', 'x'), tokenAnswer], 15],
    ['a server in trouble slows down', {}, [text(503, ''), tokenAnswer], 15],
    ['Retry-After is heeded', {}, [text(429, '', { 'retry-after': '40' }), tokenAnswer], 45],
  ])('%s', async (_, members, polls, expected) => {
    const start = json(200, JSON.parse(JSON.stringify({ ...codes, ...members })) as Json);
    const { ended, seconds } = await device(polls, { start });
    expect(ended).toMatchObject(granted);
    expect(seconds).toBe(expected);
  });

  test('a wait that ends before the code does is told apart from a code that has expired', async () => {
    const pending = [error('authorization_pending')];
    const start = json(200, { ...codes, expires_in: 20 });
    const waited = await device(pending, { start, request: { waitSeconds: 12 } });
    expect(waited.ended).toMatchObject({ message: expect.stringMatching(/within 12 seconds; --wait/) });
    const expired = await device(pending, { start, request: { waitSeconds: 20 } });
    expect(expired.ended).toMatchObject({ message: expect.stringMatching(/has expired/) });
  });

  test("the provider's own spellings", async () => {
    const own = {
      ...rule,
      pending: ['still_waiting'],
      slowDown: ['too_fast'],
      declined: ['no_thanks'],
      expired: ['too_late', 'later_still'],
    };
    const provider = { device: own };
    expect((await device([error('still_waiting'), error('too_fast'), tokenAnswer], { provider })).seconds).toBe(20);
    expect((await device([error('no_thanks')], { provider })).ended).toMatchObject({ code: 'consent_denied' });
    expect((await device([error('too_late')], { provider })).ended).toMatchObject({ code: 'timed_out' });
    expect((await device([error('later_still', 200)], { provider })).ended).toMatchObject({ code: 'timed_out' });
    expect((await device([error('authorization_pending')], { provider })).ended).toMatchObject({
      code: 'provider_refused',
    });
  });

  test.each([
    ['access_denied', error('access_denied', 403), 'consent_denied'],
    ['expired_token', error('expired_token'), 'timed_out'],
    ['invalid_client', error('invalid_client', 401), 'app_rejected'],
    ['an unreadable 4xx', text(400, ''), 'provider_refused'],
    ['HTML at 200', text(200, '<html>'), 'bad_response'],
  ])('%s ends it', async (_, poll, code) => {
    const { ended, server } = await device([poll]);
    expect(ended).toMatchObject({ code });
    expect(server.requests).toHaveLength(2);
  });

  test.each([
    ['the life of the code', { expires_in: 20 }, 300, 20],
    ['the patience of the person', { expires_in: 900 }, 12, 12],
    ['a life that is not said', { expires_in: undefined }, 3600, 900],
    ['a life as a text', { expires_in: '30' }, 300, 30],
  ])('is bounded by %s', async (_, members, waitSeconds, expected) => {
    const start = json(200, JSON.parse(JSON.stringify({ ...codes, ...members })) as Json);
    const { ended, seconds } = await device([error('authorization_pending')], { start, request: { waitSeconds } });
    expect(ended).toMatchObject({ code: 'timed_out', hint: 'oauthctl connect acme --device' });
    expect(seconds).toBe(expected);
  });

  test('is interrupted at once', async () => {
    const server = script(json(200, codes), error('authorization_pending'));
    const world = createWorld({ fetch: server.fetch });
    const rig = flowIn(world);
    const tell = (line: string) => (line.includes('enter the code') ? rig.interrupt() : undefined);
    const request = { peer: makePeer(), scopes: [], extraParams: {}, waitSeconds: 300, openBrowser: true };
    await expect(runDevice(request, { ...rig.ports, tell }, complete)).rejects.toMatchObject({ code: 'cancelled' });
    expect(server.requests).toHaveLength(1);
  });
});
