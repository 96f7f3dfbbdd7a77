// Ending a grant: which tokens are sent and how, and what each answer says about them.
import { describe, expect, test } from 'vitest';
import { CliError } from '../../src/errors.ts';
import type { WireResponse } from '../../src/model/ports.ts';
import type { Revocation } from '../../src/model/provider.ts';
import { Secret } from '../../src/model/secret.ts';
import { introspectToken } from '../../src/oauth/prove-end.ts';
import { revokeGrant } from '../../src/oauth/revoke.ts';
import {
  heldBy,
  heldTokens,
  issuer,
  json,
  makePeer,
  makeProvider,
  nowAt,
  portsOver,
  script,
  text,
  withEndpoints,
} from './rig.ts';

const rule: Revocation = { ...makeProvider().revocation, proof: 'none' };
const ok = text(200, '');

async function revoke(change: Partial<Revocation>, answers: (WireResponse | Error)[], tokens = heldTokens()) {
  const server = script(...answers);
  const peer = makePeer({ revocation: { ...rule, ...change } });
  const result = await revokeGrant(peer, heldBy(tokens, ['openid']), portsOver(server.fetch));
  const sent = server.requests.map((_, index) => server.form(index).get('token'));
  return { result, server, sent };
}

describe('what is sent', () => {
  test('every token, where each dies alone', async () => {
    const { result, server, sent } = await revoke({ kills: 'token' }, [ok]);
    expect(result).toEqual({ kind: 'revoked' });
    expect(sent).toEqual(['refresh-1', 'access-1']);
    expect(server.form(0).get('token_type_hint')).toBe('refresh_token');
    expect(server.requests[0]?.headers.authorization).toMatch(/^Basic /);
    expect(server.requests[0]).toMatchObject({ method: 'POST', url: `${issuer}/revoke` });
  });

  test.each(['grant', 'group'] as const)('the first that is there, where the %s dies with it', async (kills) => {
    expect((await revoke({ kills }, [ok])).sent).toEqual(['refresh-1']);
    expect((await revoke({ kills }, [ok], heldTokens('access-1', null))).sent).toEqual(['access-1']);
  });

  test('the next one when the first was dead already', async () => {
    const { result, sent } = await revoke({ kills: 'grant' }, [json(400, { error: 'invalid_token' }), ok]);
    expect([result.kind, ...sent]).toEqual(['revoked', 'refresh-1', 'access-1']);
  });

  test('nothing of the client, where the data says so', async () => {
    const { server } = await revoke({ clientAuth: false, steps: ['access'] }, [ok]);
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
    expect([...server.form(0).keys()].sort()).toEqual(['token', 'token_type_hint']);
  });

  test('nothing, where there is no endpoint or no token', async () => {
    expect((await revoke({ kind: 'none' }, [])).result).toEqual({ kind: 'unsupported' });
    const { result, sent } = await revoke({ steps: ['refresh'] }, [], heldTokens('access-1', null));
    expect([result.kind, ...sent]).toEqual(['unsupported']);
    const none = { ...heldTokens('access-1', null), access: null };
    expect((await revoke({}, [], none)).result).toEqual({ kind: 'already_dead' });
  });
});

describe('what an answer says', () => {
  const steps = ['refresh'] as const;
  test.each([
    ['200 with anything', text(200, 'ok'), { kind: 'revoked' }],
    ['204', text(204, ''), { kind: 'revoked' }],
    ['200 with an error inside', json(200, { error: 'invalid_token' }), { kind: 'already_dead' }],
    ['400 invalid_token', json(400, { error: 'invalid_token' }), { kind: 'already_dead' }],
    ['400 invalid_grant', json(400, { error: 'invalid_grant' }), { kind: 'already_dead' }],
    ['401 invalid_client', json(401, { error: 'invalid_client' }), { kind: 'failed', error: { code: 'app_rejected' } }],
    ['503', text(503, '', { 'retry-after': '9' }), { kind: 'failed', error: { retryAfterSeconds: 9 } }],
    ['429', text(429, ''), { kind: 'failed', error: { code: 'rate_limited' } }],
    [
      'a redirect',
      text(302, '', { location: 'https://evil.example' }),
      { kind: 'failed', error: { code: 'bad_response' } },
    ],
    ['a page of the Wi-Fi', text(200, '<html>'), { kind: 'failed', error: { code: 'bad_response' } }],
    ['no network', new CliError('unreachable', 'x'), { kind: 'failed', error: { code: 'unreachable' } }],
    ['another type of token only', json(400, { error: 'unsupported_token_type' }), { kind: 'unsupported' }],
  ])('%s', async (_, answer, outcome) => {
    expect((await revoke({ steps }, [answer])).result).toMatchObject(outcome);
  });

  test('a type that cannot be revoked does not spoil the one that was', async () => {
    const { result } = await revoke({}, [ok, json(400, { error: 'unsupported_token_type' })]);
    expect(result).toEqual({ kind: 'revoked' });
  });

  test('a refresh token that cannot be revoked lives on where the access token dies alone', async () => {
    const answers = () => [json(400, { error: 'unsupported_token_type' }), ok];
    expect((await revoke({ kills: 'token' }, answers())).result).toEqual({ kind: 'unsupported' });
    expect((await revoke({ kills: 'grant' }, answers())).result).toEqual({ kind: 'revoked' });
  });
});

describe('what some servers answer to a dead token too', () => {
  const unclear = [
    ['400 invalid_request', json(400, { error: 'invalid_request' })],
    ['401 without a word', text(401, '')],
  ] as const;
  /** Its end is known and not yet there. */
  const lasting = { ...heldTokens(), expiresAt: nowAt + 60_000 };

  test.each(unclear)('%s: a probe tells that it was dead', async (_, answer) => {
    const { result, server } = await revoke({ steps: ['refresh'] }, [answer, text(401, '')], lasting);
    expect(result).toEqual({ kind: 'already_dead' });
    expect(server.requests[1]?.url).toBe(`${issuer}/userinfo`);
  });

  test.each(unclear)('%s: a probe tells that it lives', async (_, answer) => {
    const { result } = await revoke({ steps: ['refresh'] }, [answer, json(200, { sub: 'ann-1' })], lasting);
    expect(result).toMatchObject({ kind: 'failed', error: { code: 'provider_refused' } });
  });

  test.each([null, nowAt])(
    'an access token that may just have ended (%j) says nothing of the refresh token',
    async (expiresAt) => {
      const { result } = await revoke({ steps: ['refresh'] }, [text(401, ''), text(401, '')], {
        ...lasting,
        expiresAt,
      });
      expect(result).toMatchObject({ kind: 'failed' });
    },
  );

  test('introspection tells, where it is the proof', async () => {
    const server = script(text(401, ''), json(200, { active: false }));
    const endpoints = withEndpoints({ introspection: `${issuer}/introspect` });
    const peer = makePeer({ ...endpoints, revocation: { ...rule, steps: ['refresh'], proof: 'introspect' } });
    expect(await revokeGrant(peer, heldBy(), portsOver(server.fetch))).toEqual({ kind: 'already_dead' });
    expect(server.requests[1]?.url).toBe(`${issuer}/introspect`);
    expect(server.form(1).get('token')).toBe('refresh-1');
  });

  test('without an access token nobody can tell, so it failed', async () => {
    const tokens = { ...heldTokens(), access: null };
    const { result } = await revoke({ steps: ['refresh'] }, [text(401, '')], tokens);
    expect(result).toMatchObject({ kind: 'failed' });
  });
});

describe('introspection', () => {
  const endpoints = withEndpoints({ introspection: `${issuer}/introspect` });
  test.each([
    [json(200, { active: true }), 'active'],
    [json(200, { active: false }), 'inactive'],
    [json(200, { active: 'true' }), 'unknown'],
    [json(200, {}), 'unknown'],
    [text(401, ''), 'unknown'],
    [text(200, '<html>'), { code: 'bad_response' }],
    [text(302, '', { location: 'https://portal.example' }), { code: 'bad_response' }],
    [text(500, ''), { code: 'provider_unavailable' }],
    [new CliError('unreachable', 'x'), { code: 'unreachable' }],
  ])('%j is %s', async (answer, state) => {
    const server = script(answer);
    const seen = await introspectToken(makePeer(endpoints), new Secret('access-1'), portsOver(server.fetch));
    expect({ seen }).toMatchObject({ seen: state });
    expect(server.form(0).get('token')).toBe('access-1');
  });

  test('is unknown where nobody can be asked', async () => {
    expect(await introspectToken(makePeer(), new Secret('a'), portsOver(script().fetch))).toBe('unknown');
  });
});
