// The door of a loopback sign-in: what is taken as its answer, what is not, and what neither changes.
import { describe, expect, test } from 'vitest';
import type { ListenResponse } from '../../src/model/ports.ts';
import { comeBack, grantIn, type SignIn, signIn } from './loopback-rig.ts';
import { issuer } from './rig.ts';

describe('the door', () => {
  /** What a visit answers while the sign-in waits, which must go on. */
  const during = async (visit: (rig: SignIn) => Promise<ListenResponse>) => {
    let answer: ListenResponse | undefined;
    const { rig, ended } = await signIn(async (at) => {
      answer = await visit(at);
      return comeBack(at);
    });
    grantIn(ended);
    expect(rig.server.requests).toHaveLength(1);
    return answer as ListenResponse;
  };
  const local = (rig: SignIn, path: string) => new URL(rig.callback()).origin + path;

  test.each([
    ['no state', 'code=stolen'],
    ['a wrong state', 'code=stolen&state=guessed'],
    ['a wrong state with an error', 'error=access_denied&state=guessed'],
    ['no code', 'state=STATE'],
    ['two codes', 'code=a&code=b&state=STATE'],
    ['two states', 'code=a&state=STATE&state=STATE'],
    ['nothing', ''],
  ])('%s: 400, and the wait goes on', async (_, query) => {
    const answer = await during((rig) =>
      rig.world.visit(rig.callback(query.replaceAll('STATE', rig.asked().get('state') ?? ''))),
    );
    expect(answer.status).toBe(400);
    expect(answer.headers.location).toBeUndefined();
    expect(answer.body).not.toContain('stolen');
  });

  test('the same answer again gets the same page, and the code is used once', async () => {
    const places: (string | undefined)[] = [];
    const { rig, ended } = await signIn(async (at) => {
      for (let count = 0; count < 3; count++) places.push((await at.world.visit(at.callback())).headers.location);
      return at.world.visit(at.follow({ headers: { location: places[0] ?? '' } }));
    });
    grantIn(ended);
    expect(places[0]).toBeDefined();
    expect(new Set(places).size).toBe(1);
    expect(rig.server.requests).toHaveLength(1);
  });

  test('HEAD changes nothing, on either page', async () => {
    const head = await during((rig) => rig.world.visit(rig.callback(), {}, 'HEAD'));
    expect(head).toMatchObject({ status: 200, body: '' });
  });

  test.each(['POST', 'PUT', 'OPTIONS', 'get'])('%s is answered 405', async (method) => {
    const answer = await during((rig) => rig.world.visit(rig.callback(), {}, method));
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });

  test.each([
    ['/', 404],
    ['/callback/acme/', 404],
    ['/callback/acm%65', 404],
    ['/CALLBACK/acme', 404],
    ['//callback/acme', 404],
    ['/callback/other', 404],
    ['/result/AAAAAAAAAAAAAAAAAAAAAA', 404],
    ['/favicon.ico', 204],
    ['/.well-known/appspecific/com.chrome.devtools.json', 404],
  ])('%s with the right state is answered %d and is harmless', async (path, status) => {
    const answer = await during((rig) =>
      rig.world.visit(`${local(rig, path)}?${new URL(rig.callback()).search.slice(1)}`),
    );
    expect(answer.status).toBe(status);
  });

  test.each([
    ['evil.example', 403],
    ['evil.example:PORT', 403],
    ['localhost:PORT', 403],
    ['127.0.0.1', 403],
    ['127.0.0.1:1', 403],
    ['', 403],
  ])('Host %j (DNS rebinding) is answered %d', async (host, status) => {
    const answer = await during((rig) => {
      const { port } = new URL(rig.callback());
      return rig.world.visit(rig.callback(), { host: host.replace('PORT', port) });
    });
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain('the-code');
  });

  test('every answer is kept nowhere and lets nothing in', async () => {
    const answers: ListenResponse[] = [];
    await signIn(async (rig) => {
      const visits = [
        () => rig.world.visit(local(rig, '/')),
        () => rig.world.visit(local(rig, '/favicon.ico')),
        () => rig.world.visit(rig.callback('x=1')),
        () => rig.world.visit(rig.callback(), { host: 'evil.example' }),
        () => rig.world.visit(rig.callback(), {}, 'POST'),
        () => rig.world.visit(rig.callback(), {}, 'HEAD'),
        () => rig.world.visit(rig.callback()),
      ];
      for (const visit of visits) answers.push(await visit());
      answers.push(await rig.world.visit(rig.follow(answers.at(-1) as ListenResponse)));
    });
    expect(answers.map(({ status }) => status)).toEqual([404, 204, 400, 403, 405, 200, 303, 200]);
    const nonces = answers.map(({ headers }) => {
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      });
      return /'nonce-([\w-]{22})'/.exec(headers['content-security-policy'] ?? '')?.[1];
    });
    expect(new Set(nonces).size).toBe(answers.length);
  });

  test('too many strays end the attempt', async () => {
    const { rig, ended } = await signIn(async (at) => {
      for (let count = 0; count < 20; count++) await at.world.visit(at.callback(`code=x&state=${count}`));
    });
    expect(ended).toMatchObject({
      code: 'state_mismatch',
      message: expect.stringContaining('its state is not the one'),
    });
    expect(rig.server.requests).toEqual([]);
  });

  test('nineteen do not', async () => {
    const { ended } = await signIn(async (at) => {
      for (let count = 0; count < 19; count++) await at.world.visit(at.callback(`code=x&state=${count}`));
      return comeBack(at);
    });
    grantIn(ended);
  });
});

describe('mix-up (RFC 9207)', () => {
  const code = (rig: SignIn, iss: string) => rig.callback(`code=the-code&state=${rig.asked().get('state')}${iss}`);
  test.each([
    ['required', '', 'issuer_mismatch'],
    ['required', `&iss=${issuer}`, undefined],
    ['if_present', '&iss=https://evil.example', 'issuer_mismatch'],
    ['if_present', '', undefined],
  ] as const)('iss %s, answered %j', async (iss, member, expected) => {
    const pages: ListenResponse[] = [];
    const { rig, ended } = await signIn(
      async (at) => pages.push(await at.world.visit(at.follow(await at.world.visit(code(at, member))))),
      { provider: { iss } },
    );
    expect(ended instanceof Error ? ended : {}).toMatchObject(expected === undefined ? {} : { code: expected });
    // A code that came with a wrong name goes nowhere.
    expect(rig.server.requests).toHaveLength(expected === undefined ? 1 : 0);
    expect(pages[0]?.status).toBe(expected === undefined ? 200 : 400);
  });
});
