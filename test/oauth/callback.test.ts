// Reading and judging what the browser brings back: cases, and what holds for any query.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CliError } from '../../src/errors.ts';
import type { AnswerRule } from '../../src/model/provider.ts';
import type { Attempt } from '../../src/oauth/attempt.ts';
import { judgeCallback, parseCallback, type Verdict } from '../../src/oauth/callback.ts';
import { issuer, makeProvider, withEndpoints } from './rig.ts';

const attempt: Attempt = {
  state: 'the-state',
  stateIn: 'query',
  gives: 'code',
  verifier: null,
  nonce: null,
  redirectUri: 'http://127.0.0.1:4000/callback/acme',
  scopes: [],
};

function describeVerdict(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'code':
      return `code ${verdict.code.reveal()}`;
    case 'token':
      return `token ${verdict.token.reveal()}`;
    case 'stray':
      return `stray: ${verdict.why}`;
    case 'ended':
      return `${verdict.error.code}: ${verdict.error.message}`;
  }
}

function judge(query: string, iss: 'required' | 'if_present' | 'never' = 'if_present') {
  return describeVerdict(judgeCallback(parseCallback(query), attempt, makeProvider({ iss })));
}

describe('a code', () => {
  test.each([
    ['plain', 'code=abc&state=the-state', 'abc'],
    ['with unescaped members', `state=the-state&iss=${issuer}&code=4/0Aab:c`, '4/0Aab:c'],
    ['escaped', 'state=the-state&code=4%2F0Aab%3Ac', '4/0Aab:c'],
    ['with a plus that nobody escaped', 'state=the-state&code=a+b==', 'a+b=='],
    [
      'with members nobody knows, twice even',
      'hd=x&session_state=a&hd=y&scope=a+b&code=abc&state=the-state&authuser=0',
      'abc',
    ],
    ['with escapes that are none', 'code=50%&state=the-state&x=%zz', '50%'],
  ])('%s', (_, query, code) => {
    expect(judge(query)).toBe(`code ${code}`);
  });
});

describe('not an answer to this attempt', () => {
  test.each([
    ['code=abc', 'it carries no state'],
    ['', 'it carries no state'],
    ['code=abc&state=other', 'its state is not the one of this sign-in'],
    ['code=abc&state=', 'its state is not the one of this sign-in'],
    ['code=abc&state=the-state&state=the-state', '"state" came more than once'],
    ['code=abc&code=def&state=the-state', '"code" came more than once'],
    [`code=abc&state=the-state&iss=${issuer}&iss=x`, '"iss" came more than once'],
    ['error=a&error=b&state=the-state', '"error" came more than once'],
    ['state=the-state', 'it carries neither a code nor an error'],
    ['state=the-state&code=', 'it carries neither a code nor an error'],
    ['error=access_denied', 'it carries no state'],
  ])('%s', (query, why) => {
    expect(judge(query)).toBe(`stray: ${why}`);
  });
});

describe('iss (RFC 9207)', () => {
  const code = 'code=abc&state=the-state';
  test.each([
    ['required', code, 'issuer_mismatch'],
    ['required', `${code}&iss=${encodeURIComponent(issuer)}`, 'code'],
    ['required', `${code}&iss=${issuer}/`, 'issuer_mismatch'],
    ['if_present', code, 'code'],
    ['if_present', `${code}&iss=https://evil.example`, 'issuer_mismatch'],
    ['if_present', `${code}&iss=`, 'issuer_mismatch'],
    ['never', `${code}&iss=https://other.example`, 'code'],
    ['required', 'error=access_denied&state=the-state', 'consent_denied'],
    ['required', 'error=access_denied&state=the-state&iss=https://evil.example', 'issuer_mismatch'],
  ] as const)('%s: %s', (rule, query, outcome) => {
    expect(judge(query, rule)).toMatch(new RegExp(`^${outcome}\\b`));
  });

  test('says both', () => {
    expect(judge(`${code}&iss=https://evil.example`)).toBe(
      `issuer_mismatch: the answer in the browser says that it comes from 'https://evil.example'; expected was ${issuer}`,
    );
  });
});

describe('a token (RFC 6749 §4.2.2), where the path binds the answer', () => {
  const path = '/callback/acme/the-state';
  const bound: Attempt = {
    ...attempt,
    stateIn: 'path',
    gives: 'token',
    redirectUri: `http://localhost:4000${path}`,
  };
  const taken = (query: string, at = path) =>
    describeVerdict(judgeCallback(parseCallback(query, at), bound, makeProvider(withEndpoints({ token: null }))));

  test.each([
    ['token=abc', 'token abc'],
    ['access_token=abc&token_type=bearer', 'token abc'],
    ['token=a+b%2B', 'token a+b+'],
    ['token=abc&state=other', 'token abc'],
    ['token=a&token=b', 'stray: "token" came more than once'],
    ['token=a%0Ab', 'stray: its token holds characters that no token has'],
    ['token=', 'stray: it carries neither a token nor an error'],
    ['code=abc', 'stray: it carries neither a token nor an error'],
    ['error=access_denied', 'consent_denied: consent was refused at Acme (access_denied)'],
  ])('%s: %s', (query, expected) => {
    expect(taken(query)).toBe(expected);
  });

  test.each(['', '/callback/acme', '/callback/acme/other-state', '/callback/acme/the-state/', '/the-state'])(
    'another path is no answer: %j',
    (at) => {
      expect(taken('token=abc', at)).toBe('stray: its address is not the one of this sign-in');
      expect(taken('error=access_denied', at)).toMatch(/^stray/);
    },
  );

  test('a code is none where no code comes, and the other way round', () => {
    expect(judge('token=abc&state=the-state')).toBe('stray: it carries neither a code nor an error');
  });
});

describe('an error ends the attempt', () => {
  const judged = (query: string, provider = makeProvider()) => {
    const verdict = judgeCallback(parseCallback(`${query}&state=the-state`), attempt, provider);
    if (verdict.kind !== 'ended') throw new Error(verdict.kind);
    return verdict.error;
  };

  test.each([
    ['access_denied', 'consent_denied', 4],
    ['temporarily_unavailable', 'provider_unavailable', 6],
    ['server_error', 'provider_unavailable', 6],
    ['unauthorized_client', 'app_rejected', 5],
    ['invalid_scope', 'scope_missing', 4],
    ['invalid_request', 'provider_refused', 5],
    ['constructor', 'provider_refused', 5],
  ])('error=%s as %s', (error, code, exit) => {
    const ended = judged(`error=${error}&error_description=said+by%1B%5B31m+it`);
    expect(ended).toBeInstanceOf(CliError);
    expect(ended).toMatchObject({ code, exit, hint: expect.stringMatching(/^(oauthctl |try again)/) });
    expect(ended.message).toMatch(new RegExp(`^.*Acme.*\\(${error}(: |\\): )said by \\[31m it\\)?$`));
  });

  test('without a description, nothing is made up', () => {
    expect(judged('error=invalid_request').message).toBe('Acme refused the sign-in (invalid_request)');
  });

  test('a numbered reason beside it explains, and decides nothing', () => {
    const reasonCodes = { at: '/error_codes', prefix: 'ACME', words: { 65004: 'the person declined' } };
    const provider = makeProvider({ reasonCodes });
    const declined = judged('error=access_denied&error_description=ACME65004:+User+declined.+Trace+ID:+1', provider);
    expect(declined).toMatchObject({
      code: 'consent_denied',
      message: 'consent was refused at Acme (access_denied: the person declined)',
    });
  });

  test("the provider's own rows give it its meaning and its words", () => {
    const row = (equals: string, on: AnswerRule['on'], means: AnswerRule['means'], words: string) =>
      ({ on, at: '/error', equals, means, words }) as const;
    const provider = makeProvider({
      answers: [
        row('application_suspended', ['token'], 'transient', 'not at this place'),
        row('application_suspended', ['callback'], 'app_fault', 'the app is suspended'),
        row('access_denied', ['callback'], 'admin_needed', 'an administrator must consent'),
      ],
    });
    const suspended = judged('error=application_suspended&error_description=x', provider);
    expect(suspended).toMatchObject({ code: 'app_rejected', hint: 'oauthctl app set acme' });
    expect(suspended.message).toBe('Acme refused the sign-in (application_suspended): the app is suspended');
    expect(judged('error=access_denied', provider)).toMatchObject({
      code: 'provider_refused',
      message: 'Acme refused the sign-in (access_denied): an administrator must consent',
      hint: 'an administrator of the account must allow this app',
    });
  });
});

describe('for any query', () => {
  const word = fc.string({ unit: 'grapheme', maxLength: 12 });

  test('what a form encodes is read back', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.tuple(
            word.filter((name) => name !== ''),
            word,
          ),
          { selector: ([name]) => name },
        ),
        (pairs) => {
          const { values, repeated } = parseCallback(new URLSearchParams(pairs).toString());
          expect([...values]).toEqual(pairs);
          expect(repeated.size).toBe(0);
        },
      ),
    );
  });

  test('reading never fails, and no text without the state is a code', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary-ascii' }), fc.string({ unit: 'grapheme' })),
        fc.constantFrom('', 'code=x&', 'error=y&', 'state=%'),
        (query, before) => {
          const verdict = judgeCallback(parseCallback(before + query), attempt, makeProvider());
          expect(verdict.kind).toBe('stray');
        },
      ),
    );
  });

  test('a member that comes twice is told, wherever it stands', () => {
    fc.assert(
      fc.property(fc.constantFrom('state', 'code', 'error', 'iss'), fc.array(word), (name, others) => {
        const rest = others.map((other) => `x=${encodeURIComponent(other)}`);
        const query = [`${name}=1`, ...rest, `${name}=1`, 'state=the-state'].join('&');
        expect(judge(query)).toMatch(/^stray: "\w+" came more than once$/);
      }),
    );
  });
});
