// Switches: how they are written, the faults of the transport, and what Google's own do to answers.
import { describe, expect, test } from 'vitest';
import { switchTable } from '../../src/sandbox/switch-table.ts';
import { switchUsage } from '../../src/sandbox/switches.ts';
import {
  claimsOf,
  connect,
  consented,
  createRig,
  driveFile,
  exchange,
  get,
  gmailReadonly,
  json,
  post,
  type Rig,
  refresh,
  type Tokens,
} from './rig.ts';

const tokeninfo = (rig: Rig, token: string) =>
  post(rig, 'https://oauth2.googleapis.com/tokeninfo', { access_token: token });

describe('settings', () => {
  test('every switch can be set as its usage says, bare and with each choice, and is described so that it can be set again', async () => {
    const { sandbox } = await createRig();
    for (const definition of switchTable) {
      const values = definition.takes.kind === 'choice' ? definition.takes.choices : ['12'];
      const lines = [definition.name, ...values.map((value) => `${definition.name}=${value}`)];
      for (const line of lines) {
        const { switches } = await sandbox.control(['reset', line]);
        expect(switches).toHaveLength(1);
        expect((await sandbox.control(['reset', ...switches])).switches).toEqual(switches);
      }
      expect(switchUsage(definition)).toMatch(new RegExp(`^${definition.name}(\\[=\\S+\\])?$`));
      expect(definition.says.length).toBeLessThan(120);
    }
    expect(new Set(switchTable.map(({ name }) => name)).size).toBe(switchTable.length);
  });

  test('place and number of times', async () => {
    const { sandbox } = await createRig();
    const { switches } = await sandbox.control(['http-429=5@token*2', '  testing  ', '']);
    expect(switches).toEqual(['http-429=5@token*2', 'testing=announced']);
    expect((await sandbox.control(['testing=off'])).switches).toEqual(['http-429=5@token*2']);
    expect((await sandbox.control(['reset'])).switches).toEqual([]);
  });

  test('a narrowed setting goes before a wide one, and a bare name ends both', async () => {
    const rig = await createRig(['http-5xx=500', 'http-5xx=502@token', 'http-5xx=504@gmail.token']);
    const { sandbox } = rig;
    const status = async (path: string) => (await post(rig, `https://${path}`, {})).status;
    expect(await status('oauth2.googleapis.com/token')).toBe(504);
    expect(await status('api.notion.com/v1/oauth/token')).toBe(502);
    expect(await status('api.notion.com/v1/oauth/revoke')).toBe(500);
    expect((await sandbox.control(['http-5xx=off@gmail.token'])).switches).toHaveLength(2);
    expect((await sandbox.control(['http-5xx=off'])).switches).toEqual([]);
    await expect(sandbox.control(['http-5xx@gmail.users'])).rejects.toMatchObject({ code: 'invalid_value' });
  });

  test.each([
    ['http-428', "'http-428' is not a switch of the sandbox; 'http-429' is one"],
    ['nonsense=1', 'is not a switch'],
    ['Reset', 'is not a switch'],
    ['http-429=soon', 'the value is seconds'],
    ['connection-reset=maybe', 'one of after, before'],
    ['latency=5@nowhere', "'@' is followed by one of"],
    ['latency*0', 'is not a switch'],
  ])('%s is refused, and nothing is changed', async (line, words) => {
    const { sandbox } = await createRig(['latency=7']);
    const refused = sandbox.control(['testing', line]);
    await expect(refused).rejects.toMatchObject({ code: 'invalid_value', message: expect.stringContaining(words) });
    expect((await sandbox.control([])).switches).toEqual(['latency=7']);
  });

  test('a number of times is counted down where it strikes only', async () => {
    const rig = await createRig();
    const { refresh_token, access_token } = await connect(rig);
    await rig.sandbox.control(['http-5xx=500@token*2']);
    expect((await tokeninfo(rig, access_token)).status).toBe(200);
    const statuses = [];
    for (const _ of [1, 2, 3]) statuses.push((await refresh(rig, refresh_token)).status);
    expect(statuses).toEqual([500, 500, 200]);
    expect((await rig.sandbox.control([])).switches).toEqual([]);
  });
});

describe('faults of the transport', () => {
  async function struck(...lines: string[]) {
    const rig = await createRig();
    const { refresh_token } = await connect(rig);
    await rig.sandbox.control(lines);
    return { rig, refresh_token, answer: await refresh(rig, refresh_token) };
  }

  test('latency holds the answer back, after acting', async () => {
    const { answer } = await struck('latency=2500');
    expect([answer.delayMs, answer.status]).toEqual([2500, 200]);
  });

  test('jitter holds it back by chance, within its bound and on top of latency', async () => {
    const rig = await createRig(['latency=1000', 'jitter=50']);
    const delays = new Set<number>();
    for (let count = 0; count < 20; count++)
      delays.add((await post(rig, 'https://oauth2.googleapis.com/token', {})).delayMs);
    expect([...delays].every((delay) => delay >= 1000 && delay <= 1050)).toBe(true);
    expect(delays.size).toBeGreaterThan(5);
  });

  test.each([
    ['seconds', '30'],
    ['date', 'Wed, 25 Nov 2026 10:00:30 GMT'],
    ['missing', undefined],
  ])('429 names when to come again: %s', async (style, header) => {
    const { answer } = await struck('http-429', `retry-after=${style}`);
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, header]);
  });

  test('a failing server fails with the status that was asked for', async () => {
    expect((await struck('http-5xx=502')).answer).toMatchObject({ status: 502 });
    expect((await struck('http-5xx')).answer).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
  });

  test('HTML where JSON should be', async () => {
    const { answer } = await struck('html');
    expect([answer.status, answer.headers['content-type'], answer.body.startsWith('<!doctype html>')]).toEqual([
      200,
      'text/html; charset=utf-8',
      true,
    ]);
    expect((await struck('html=502')).answer.status).toBe(502);
  });

  test('a reset before nothing was done, or after all was', async () => {
    const code = async (setting: string) => {
      const rig = await createRig();
      const given = (await consented(rig)).searchParams.get('code');
      await rig.sandbox.control([setting]);
      const answer = await exchange(rig, given);
      expect([answer.fault, answer.body]).toEqual(['reset', '']);
      return (await exchange(rig, given)).status;
    };
    expect(await code('connection-reset=before*1')).toBe(200);
    expect(await code('connection-reset=after*1')).toBe(400);
  });

  test('half a body: the connection breaks, or the body itself ends', async () => {
    const broken = (await struck('truncate')).answer;
    const short = (await struck('truncate=body')).answer;
    expect([broken.fault, short.fault]).toEqual(['truncate', undefined]);
    for (const { body, status } of [broken, short]) {
      expect(status).toBe(200);
      expect(() => JSON.parse(body)).toThrow(SyntaxError);
    }
  });

  test('the clock may be wrong: Date and the times in an id_token', async () => {
    const rig = await createRig(['clock-offset=-3600']);
    const { id_token } = await connect(rig);
    expect(claimsOf(id_token).iat).toBe(rig.now() / 1000 - 3600);
    const answer = await get(rig, 'https://www.googleapis.com/oauth2/v3/certs');
    expect(answer.headers.date).toBe('Wed, 25 Nov 2026 09:00:00 GMT');
  });

  test('moving the clock on ends tokens', async () => {
    const rig = await createRig();
    const { access_token } = await connect(rig);
    await rig.sandbox.control(['clock-offset=3599']);
    expect((await tokeninfo(rig, access_token)).status).toBe(400);
  });

  test('a person’s pages come through', async () => {
    const rig = await createRig(['http-5xx', 'latency', 'connection-reset']);
    expect((await consented(rig)).searchParams.has('code')).toBe(true);
  });
});

describe('Google’s switches', () => {
  async function tokensUnder(...lines: string[]): Promise<Record<string, unknown>> {
    return { ...(await connect(await createRig(lines))) };
  }

  test('a refresh refused as gone, or for want of a fresh sign-in', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig);
    await rig.sandbox.control(['invalid-grant*1']);
    expect(json(await refresh(rig, refresh_token))).toMatchObject({ error: 'invalid_grant' });
    await rig.sandbox.control(['invalid-grant=rapt*1']);
    const rapt = await refresh(rig, refresh_token);
    expect([rapt.status, json(rapt)]).toMatchObject([400, { error: 'invalid_grant', error_subtype: 'invalid_rapt' }]);
    expect((await refresh(rig, refresh_token)).status).toBe(200);
  });

  test('no refresh token', async () => {
    expect(await tokensUnder('no-refresh-token')).not.toHaveProperty('refresh_token');
  });

  test('expires_in left out, as a string, zero; a short life', async () => {
    expect(await tokensUnder('expires-in')).not.toHaveProperty('expires_in');
    expect(await tokensUnder('expires-in=string')).toMatchObject({ expires_in: '3599' });
    expect(await tokensUnder('expires-in=zero')).toMatchObject({ expires_in: 0 });
    const rig = await createRig(['access-life=5']);
    const { access_token, expires_in } = await connect(rig);
    rig.advance(5);
    expect([expires_in, (await tokeninfo(rig, access_token)).status]).toEqual([5, 400]);
  });

  test('members that nobody knows', async () => {
    expect(await tokensUnder('extra-fields')).toMatchObject({ future_member: { nested: [1, null] } });
  });

  test('fewer scopes than were asked for', async () => {
    const scope = `openid ${gmailReadonly} ${driveFile}`;
    const some = await connect(await createRig(['reduced-scopes=drive']), { scope });
    expect(some.scope.split(' ').sort()).toEqual([gmailReadonly, 'openid'].sort());
    const none = await connect(await createRig(['reduced-scopes']), { scope });
    expect(none.scope).toBe('openid');
  });

  test('the person cancels, or is somebody else', async () => {
    const denied = await consented(await createRig(['consent-denied']));
    expect([denied.searchParams.get('error'), denied.searchParams.has('state')]).toEqual(['access_denied', true]);
    const { id_token } = await connect(await createRig(['account=grace']));
    expect(claimsOf(id_token)).toMatchObject({ email: 'grace@example.com' });
  });

  test('iss is missing from the redirect, or foreign', async () => {
    expect((await consented(await createRig(['iss-callback']))).searchParams.has('iss')).toBe(false);
    const foreign = await consented(await createRig(['iss-callback=foreign']));
    expect(foreign.searchParams.get('iss')).toBe('https://accounts.example.net');
  });

  test('iss of the id_token without its scheme', async () => {
    const { id_token } = await connect(await createRig(['iss-id-token']));
    expect(claimsOf(id_token).iss).toBe('accounts.google.com');
  });

  test('the secret: deleted in the console, or not wanted from a Desktop client', async () => {
    const rig = await createRig();
    const { refresh_token } = await connect(rig);
    await rig.sandbox.control(['expired-secret']);
    const refused = await refresh(rig, refresh_token);
    expect([refused.status, json(refused).error]).toEqual([401, 'invalid_client']);
    await rig.sandbox.control(['reset', 'desktop-secret']);
    expect((await refresh(rig, refresh_token, { client_secret: undefined })).status).toBe(200);
    expect(await rig.violations()).toEqual([]);
    const web = { client_id: rig.app.clients.web?.clientId, client_secret: undefined };
    expect((await refresh(rig, refresh_token, web)).status).toBe(400);
  });

  test('prompt=login is understood; include_granted_scopes is refused to installed apps', async () => {
    const rig = await createRig(['prompt-login', 'incremental-installed']);
    expect((await consented(rig, { prompt: 'login' })).searchParams.has('code')).toBe(true);
    await expect(consented(rig, { include_granted_scopes: 'true' })).rejects.toMatchObject({
      code: 'provider_refused',
    });
  });

  test('an unticked scope stays unticked on the page', async () => {
    const rig = await createRig(['reduced-scopes=gmail']);
    const tokens = json<Tokens>(await exchange(rig, (await consented(rig)).searchParams.get('code')));
    expect(tokens.scope).not.toContain('gmail');
  });
});
