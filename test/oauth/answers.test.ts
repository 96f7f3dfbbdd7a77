// What an answer means: the provider's rows, the RFCs' defaults, and the words for people.
import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import type { AnswerPlace, AnswerRule } from '../../src/model/provider.ts';
import { readWire, valueAt } from '../../src/oauth/answer.ts';
import { errorOf, readAnswer } from '../../src/oauth/answers.ts';
import { issuer, json, makeProvider, nowAt, text } from './rig.ts';

const url = new URL(`${issuer}/token`);
const read = (response: Parameters<typeof readWire>[0], secrets: string[] = []) =>
  readWire(response, { url, sentAt: nowAt, secrets });

const means = (place: AnswerPlace, response: Parameters<typeof readWire>[0], answers: AnswerRule[] = []) =>
  readAnswer(makeProvider({ answers }), place, read(response), nowAt);

describe('what the RFCs say', () => {
  const error = (name: Json, status = 400) => json(status, { error: name });
  const challenge = (name: string) => ({ 'www-authenticate': `Bearer realm="x", error="${name}"` });
  test.each([
    ['token', error('invalid_grant'), 'grant_dead'],
    ['token', error('invalid_client', 401), 'app_fault'],
    ['token', error('unauthorized_client'), 'app_fault'],
    ['token', error('unsupported_grant_type'), 'app_fault'],
    ['token', error('invalid_scope'), 'scope_missing'],
    ['token', error('temporarily_unavailable'), 'transient'],
    ['token', error('interaction_required'), 'person_needed'],
    ['token', error('invalid_request'), 'unknown'],
    ['token', error('constructor'), 'unknown'],
    ['token', error('invalid_grant', 500), 'transient'],
    ['token', error('invalid_grant', 429), 'rate_limited'],
    ['token', text(408, ''), 'transient'],
    ['token', text(503, '<html>'), 'transient'],
    ['token', text(400, ''), 'unknown'],
    ['token', text(403, '<html>Forbidden'), 'unknown'],
    ['token', text(401, 'nope'), 'unknown'],
    ['token', text(302, '', { location: 'https://evil.example/?token=x' }), 'unknown'],
    ['token', text(400, 'error=invalid_grant&error_description=x'), 'grant_dead'],
    ['token', text(400, '\uFEFF{"error":"invalid_grant"}'), 'grant_dead'],
    ['probe', text(401, ''), 'grant_dead'],
    ['probe', error('invalid_token', 400), 'grant_dead'],
    ['probe', text(403, '', challenge('insufficient_scope')), 'scope_missing'],
    ['probe', text(401, '', challenge('insufficient_scope')), 'scope_missing'],
    ['probe', json(403, { error: { status: 'PERMISSION_DENIED' } }, challenge('insufficient_scope')), 'scope_missing'],
    ['probe', text(403, ''), 'unknown'],
    ['revoke', error('invalid_token'), 'already_dead'],
    ['revoke', error('invalid_grant'), 'already_dead'],
    ['revoke', error('invalid_request'), 'unknown'],
    ['revoke', text(401, ''), 'unknown'],
  ] as const)('%s %j means %s', (place, response, meaning) => {
    expect(means(place, response).means).toBe(meaning);
  });

  test('errors that are objects are named too', () => {
    const facebook = json(400, { error: { message: 'Expired', type: 'OAuthException', code: 190 } });
    expect(means('token', facebook)).toMatchObject({ means: 'unknown', error: 'OAuthException', words: 'Expired' });
  });
});

describe("the provider's own rows", () => {
  const row = (rule: Partial<AnswerRule>): AnswerRule => ({
    on: ['token'],
    means: 'person_needed',
    words: 'row',
    ...rule,
  });
  const answer = json(400, { error: 'invalid_grant', error_subtype: 'invalid_rapt' }, { 'x-left': '0' });
  test.each([
    ['by member', { at: '/error_subtype', equals: 'invalid_rapt' }, true],
    ['by another value of it', { at: '/error_subtype', equals: 'other' }, false],
    ['by a member being there', { at: '/error_subtype' }, true],
    ['by a member that is not', { at: '/nothing' }, false],
    ['by status', { status: 400 }, true],
    ['by another status', { status: 401 }, false],
    ['by header, in any case', { header: { name: 'X-Left', equals: '0' } }, true],
    ['by another header', { header: { name: 'x-left', equals: '1' } }, false],
    ['all conditions or none', { status: 400, at: '/error_subtype', equals: 'other' }, false],
    ['in its place only', { on: ['probe'] as const, status: 400 }, false],
  ])('%s', (_, rule, fits) => {
    expect(means('token', answer, [row(rule)]).means).toBe(fits ? 'person_needed' : 'grant_dead');
  });

  test('the first that fits wins, over the defaults and over the server words', () => {
    const rows = [row({ status: 400, words: 'first' }), row({ status: 400, means: 'app_fault', words: 'second' })];
    expect(means('token', answer, rows)).toMatchObject({
      means: 'person_needed',
      words: 'first',
      error: 'invalid_grant',
    });
  });
});

test.each([
  ['/a/0/b', 1],
  ['/x~1y', 2],
  ['/m~0n', 3],
  ['/a/7', undefined],
  ['/constructor', undefined],
  ['/a/length/x', undefined],
])('JSON pointer %s', (pointer, value) => {
  expect(valueAt({ a: [{ b: 1 }], 'x/y': 2, 'm~n': 3 }, pointer)).toBe(value);
});

describe('Retry-After', () => {
  const after = (value: string, date?: string) =>
    means('token', text(503, '', { 'retry-after': value, ...(date === undefined ? {} : { date }) })).retryAfterSeconds;
  test.each([
    ['120', undefined, 120],
    ['Wed, 25 Nov 2026 10:02:00 GMT', undefined, 120],
    // The server's clock is an hour ahead of ours: its date is measured by its own.
    ['Wed, 25 Nov 2026 11:00:30 GMT', 'Wed, 25 Nov 2026 11:00:00 GMT', 30],
    ['Wed, 25 Nov 2026 09:00:00 GMT', undefined, undefined],
    ['soon', undefined, undefined],
    ['-5', undefined, undefined],
    ['999999999', undefined, 86_400],
  ])('%s (Date: %s) is %s seconds', (value, date, seconds) => {
    expect(after(value, date)).toBe(seconds);
  });
});

describe('words', () => {
  test('a server that echoes a secret does not get it printed', () => {
    const response = json(400, { error: 'invalid_grant', error_description: 'Bad token rt-1.secret (rt-1)' });
    const answer = read(response, ['rt-1', 'rt-1.secret']);
    expect(readAnswer(makeProvider(), 'token', answer, nowAt).words).toBe('Bad token [secret] ([secret])');
  });

  test('escapes and bidirectional marks are left out, length is bounded', () => {
    const response = json(400, { error: 'x\u001b[31m', error_description: `a\r\nb\u202e${'c'.repeat(1000)}` });
    const { error, words } = means('token', response);
    expect(error).toBe('x [31m');
    expect(words).toMatch(/^a bc+…$/);
    expect(words).toHaveLength(300);
  });

  test.each([
    [text(403, '<html><body>no'), 'id.acme.example answered HTTP 403 with an HTML page'],
    [text(400, '{"error":"inva'), 'id.acme.example answered HTTP 400 with JSON that breaks off or is malformed'],
    [text(400, ''), 'id.acme.example answered HTTP 400 with nothing in it'],
    [
      text(307, '', { location: '//evil.example/take?code=1' }),
      'id.acme.example answered HTTP 307, a redirect to https://evil.example: redirects are never followed, since what is sent is secret',
    ],
  ])('%j', (response, words) => {
    expect(means('token', response).words).toBe(words);
  });

  test.each([
    ['grant_dead', 'reconnect_required'],
    ['already_dead', 'reconnect_required'],
    ['person_needed', 'reconnect_required'],
    ['admin_needed', 'provider_refused'],
    ['app_fault', 'app_rejected'],
    ['api_disabled', 'app_rejected'],
    ['scope_missing', 'scope_missing'],
    ['rate_limited', 'rate_limited'],
    ['transient', 'provider_unavailable'],
    ['unknown', 'provider_refused'],
  ] as const)('%s becomes the error %s with a way on', (meaning, code) => {
    const reading = { means: meaning, error: 'e', words: 'w', explained: false, retryAfterSeconds: 7 };
    const error = errorOf(makeProvider(), reading, 'the refresh');
    expect(error).toMatchObject({ code, retryAfterSeconds: 7 });
    expect(error.message).toMatch(/^Acme (refused|could not finish) the refresh \(e\): w$/);
    expect(error.hint).toBeTruthy();
  });
});

describe('what provider data explains', () => {
  const reasonCodes = { at: '/error_codes', prefix: 'ACME', words: { '7': 'the scopes are not ticked' } };
  const coded = makeProvider({ reasonCodes });
  const words = (body: Json, provider = coded) => readAnswer(provider, 'token', read(json(400, body), ['rt-1']), nowAt);

  test.each([
    ['ACME9: rt-1 ended. Trace ID: 1 Time: 2', 'ACME9: [secret] ended.'],
    ['ACME9: rt-1 ended\r\nTrace ID: 1', 'ACME9: [secret] ended'],
    ['Asked ACME70: no.', 'Asked ACME70: no.'],
    ['\r\n', 'the grant is expired, revoked or used up'],
  ])('%j is shortened to %j', (error_description, said) => {
    expect(words({ error: 'invalid_grant', error_description }).words).toBe(said);
  });

  test('a number decides nothing, whatever the words say and whichever row fits', () => {
    const rule = { on: ['token'], at: '/error', equals: 'odd', means: 'admin_needed', words: 'row' } as const;
    expect(words({ error: 'odd', error_codes: 7 })).toMatchObject({ means: 'unknown', words: reasonCodes.words[7] });
    const answered = words({ error: 'odd', error_codes: [7] }, { ...coded, answers: [rule] });
    expect(answered).toMatchObject({ means: 'admin_needed', words: reasonCodes.words[7] });
    expect(words({ error: 'odd', error_codes: ['7', 8] }, { ...coded, answers: [rule] }).words).toBe('row');
  });

  test.each([
    [{ wait: 3 }, 3],
    [{ wait: '2.5' }, 3],
    [{ wait: null }, undefined],
    [{ wait: '' }, undefined],
    [{ wait: [] }, undefined],
    [{ wait: -1 }, undefined],
    [{}, undefined],
  ])('the pause in %j is %j seconds', (body, seconds) => {
    const rule = {
      on: ['token'],
      status: 400,
      means: 'rate_limited',
      words: 'row',
      retryAfter: { at: '/wait' },
    } as const;
    expect(words(body, { ...coded, answers: [rule] }).retryAfterSeconds).toBe(seconds);
  });

  test.each([
    ['1795600840', undefined, 40],
    ['1795600840', 'Wed, 25 Nov 2026 09:59:50 GMT', 50],
    ['1795600700', undefined, 0],
    ['soon', undefined, undefined],
  ])('the pause until %s (Date: %s) is %s seconds', (reset, date, seconds) => {
    const header = { name: 'x-remaining', equals: '0' };
    const rule = {
      on: ['probe'],
      header,
      means: 'rate_limited',
      words: 'row',
      retryAfter: { epochIn: 'x-reset' },
    } as const;
    const headers = { 'x-remaining': '0', 'x-reset': reset, ...(date === undefined ? {} : { date }) };
    expect(means('probe', text(403, '', headers), [rule])).toMatchObject({
      means: 'rate_limited',
      retryAfterSeconds: seconds,
    });
    expect(means('probe', text(403, '', { ...headers, 'x-remaining': '1' }), [rule]).means).toBe('unknown');
  });
});
