// Connect: what is checked before the browser opens, whose grant it is, and what becomes of one that cannot be stored.
import { describe, expect, it } from 'vitest';
import { connect } from '../../src/connections/connect.ts';
import type { ConnectRequest } from '../../src/connections/connect-plan.ts';
import { readConnection } from '../../src/connections/find.ts';
import { CliError } from '../../src/errors.ts';
import { agree, createRig, plantConnection, signIn as request } from './rig.ts';

async function start(options: { terminal?: boolean } = {}) {
  const rig = createRig();
  const { workspace, world } = await rig.process(options);
  agree(world);
  return { rig, workspace, world, server: rig.server };
}

const authorizeUrl = (world: { opened: string[] }) => new URL(world.opened[0] ?? '');

describe('a sign-in', () => {
  it('is stored with the account, the scopes and the tokens', async () => {
    const { workspace } = await start();
    const { connection, flow } = await connect(workspace, request);
    expect(flow).toBe('loopback');
    expect(connection.account).toEqual({ id: 'account-1', name: 'ann@acme.example' });
    expect(connection.scopes).toEqual({ asked: ['openid'], granted: ['openid'], missing: [] });
    const stored = await readConnection(workspace, 'acme');
    expect(JSON.stringify(await stored?.record.open())).toContain('refresh-0');
    expect(stored?.connection).toEqual(connection);
  });

  it('says what was asked and not granted', async () => {
    const { workspace, server } = await start();
    server.scope = 'openid';
    const { connection } = await connect(workspace, { ...request, scopes: ['+mail'] });
    expect(connection.scopes).toEqual({ asked: ['openid', 'mail'], granted: ['openid'], missing: ['mail'] });
  });

  it('asks for the scopes that were named instead of the default, or on top of it', async () => {
    const { workspace, world } = await start();
    await connect(workspace, { ...request, scopes: ['mail', '+files'] });
    expect(authorizeUrl(world).searchParams.get('scope')).toBe('mail files');
  });

  it('sends PKCE, a state, and what was added by hand; never a secret', async () => {
    const { workspace, world } = await start();
    await connect(workspace, { ...request, params: { audience: 'api' }, resource: 'https://api.acme.example' });
    const sent = Object.fromEntries(authorizeUrl(world).searchParams);
    expect(sent).toMatchObject({
      code_challenge_method: 'S256',
      audience: 'api',
      resource: 'https://api.acme.example',
    });
    expect(sent.state?.length).toBeGreaterThanOrEqual(43);
    const exchange = world.network.requests.find(({ url }) => url.endsWith('/token'));
    expect(new URLSearchParams(exchange?.body).get('resource')).toBe('https://api.acme.example');
  });

  it('whose --redirect-uri spells this machine as the guide does not is warned of before the browser opens', async () => {
    const { workspace, world } = await start();
    await connect(workspace, { ...request, redirectUri: 'http://localhost:8252/callback/acme' });
    expect(world.stderr()).toContain("--redirect-uri spells this machine 'localhost', where the guide has '127.0.0.1'");
  });

  it('that the person declines ends with their no', async () => {
    const { workspace, world } = await start();
    agree(world, { error: 'access_denied' });
    await expect(connect(workspace, request)).rejects.toMatchObject({ code: 'consent_denied', exit: 4 });
    expect(await readConnection(workspace, 'acme')).toBeUndefined();
  });

  it('whose exchange gets no answer names what may be left at the provider', async () => {
    const { workspace, world, server } = await start();
    const lost = new CliError('timed_out', 'acme.example did not answer', { cause: { sent: true } });
    server.instead = ({ url }) => (url.endsWith('/token') ? Promise.reject(lost) : undefined);
    await expect(connect(workspace, request)).rejects.toMatchObject({ exit: 6 });
    expect(world.stderr()).toContain('may have granted access all the same');
  });

  it('is stored although the trail cannot be written any more, and says so', async () => {
    const { workspace, world } = await start();
    world.files.faults.push({ kind: 'full', method: 'appendOwn', nth: 2 });
    await connect(workspace, request);
    expect(await readConnection(workspace, 'acme')).toBeDefined();
    expect(world.stderr()).toContain('missing from the audit trail (connection.created)');
  });

  it('does not begin when the trail cannot be written', async () => {
    const { workspace, world } = await start();
    world.files.faults.push({ kind: 'full', method: 'appendOwn' });
    await expect(connect(workspace, request)).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(world.opened).toEqual([]);
  });

  it('that never comes back times out and names the address to register', async () => {
    const { workspace, world } = await start();
    world.browser = undefined;
    await expect(connect(workspace, request)).rejects.toMatchObject({
      code: 'timed_out',
      message: expect.stringMatching(/redirect URI.*http:\/\/127\.0\.0\.1:\d+\/callback\/acme/),
    });
  });
});

describe('before the browser opens', () => {
  async function refused(
    changes: Partial<ConnectRequest>,
    prepare: (rig: Awaited<ReturnType<typeof start>>) => void | Promise<void>,
  ) {
    const started = await start();
    await prepare(started);
    const error = await connect(started.workspace, { ...request, ...changes }).catch((caught) => caught);
    expect(started.world.opened).toEqual([]);
    return error;
  }

  it('the app must be there', async () => {
    const error = await refused({}, ({ world }) => {
      delete world.env.OAUTHCTL_ACME_CLIENT_ID;
    });
    expect(error).toMatchObject({ code: 'app_missing', exit: 3 });
  });

  it('the store must take a write', async () => {
    const error = await refused({}, ({ world }) => {
      world.files.full = true;
    });
    expect(error).toMatchObject({ code: 'store_unavailable', exit: 7 });
  });

  it('the key must be there', async () => {
    const error = await refused({}, ({ world }) => {
      world.env.OAUTHCTL_KEY = 'not a key';
    });
    expect(error.exit).toBe(7);
  });

  it('a record of that name must be readable: it is never replaced blindly', async () => {
    const error = await refused({}, async ({ world, workspace }) => {
      await workspace.keyring.key();
      world.files.set('/data/connections/acme.json', '{}');
    });
    expect(error).toMatchObject({ code: 'record_unreadable', exit: 7 });
  });

  it('the port must be free', async () => {
    const error = await refused({ port: 8252 }, ({ world }) => void world.network.takenPorts.add(8252));
    expect(error).toMatchObject({ code: 'port_unavailable', exit: 6 });
  });
});

describe('another account than the stored one', () => {
  async function differing(terminal: boolean) {
    const started = await start({ terminal });
    await plantConnection(started.workspace);
    started.server.accountId = 'account-2';
    return started;
  }

  it('is never put in its place without a terminal', async () => {
    const { workspace } = await differing(false);
    await expect(connect(workspace, request)).rejects.toMatchObject({
      code: 'account_differs',
      exit: 2,
      hint: 'oauthctl connect acme --as LABEL',
    });
    expect((await readConnection(workspace, 'acme'))?.connection.account.id).toBe('account-1');
  });

  it('is told apart by its id where the names are the same, and whatever it holds is harmless in the question', async () => {
    const { workspace, world, server } = await differing(true);
    server.accountId = 'evil\u001b[2J\u202e\nid';
    world.answers.push('stop');
    const message =
      "'acme' belongs to ann@acme.example (account-1), and you signed in as ann@acme.example (evil[2J id)";
    await expect(connect(workspace, request)).rejects.toMatchObject({ code: 'account_differs' });
    expect(world.asked).toEqual([`${message}. What now?`]);
  });

  it('is told apart by its name where the provider tells no id', async () => {
    const { workspace, server } = await start();
    await plantConnection(workspace, { account: { id: null, name: 'eve@acme.example' } });
    server.instead = ({ url }) => {
      const told = { status: 200, headers: {}, body: JSON.stringify({ email: 'ann@acme.example' }) };
      return url.endsWith('/userinfo') ? Promise.resolve(told) : undefined;
    };
    await expect(connect(workspace, request)).rejects.toMatchObject({ code: 'account_differs' });
    expect((await readConnection(workspace, 'acme'))?.connection.account.name).toBe('eve@acme.example');
  });

  it('goes under another label when the person says so', async () => {
    const { workspace, world } = await differing(true);
    world.answers.push('label', 'work');
    expect((await connect(workspace, request)).connection.name).toBe('acme:work');
    expect((await readConnection(workspace, 'acme'))?.connection.account.id).toBe('account-1');
  });

  it('replaces it when the person says so', async () => {
    const { workspace, world } = await differing(true);
    world.answers.push('replace');
    await connect(workspace, request);
    expect((await readConnection(workspace, 'acme'))?.connection.account.id).toBe('account-2');
  });

  it('is revoked when the person wants neither', async () => {
    const { workspace, world, server } = await differing(true);
    world.answers.push('stop');
    await expect(connect(workspace, request)).rejects.toMatchObject({ code: 'account_differs' });
    expect(server.dead).toBe(true);
  });
});

describe('a save that fails after the sign-in', () => {
  const failOnce = { kind: 'full', method: 'replaceOwn', path: /connections\/acme\.json/, nth: 1 } as const;

  it('is tried again when the person says so, with the same tokens', async () => {
    const { workspace, world, server } = await start({ terminal: true });
    world.files.faults.push(failOnce);
    world.answers.push(true);
    await connect(workspace, request);
    expect(server.dead).toBe(false);
    expect(await readConnection(workspace, 'acme')).toBeDefined();
  });

  it('revokes the grant when the person gives up, or nobody is there', async () => {
    const { workspace, world, server } = await start();
    world.files.faults.push(failOnce);
    await expect(connect(workspace, request)).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(server.dead).toBe(true);
  });
});

it('gives nothing back that may be the grant of a connection which cannot be read now', async () => {
  const { workspace, world, server } = await start();
  await plantConnection(workspace, { name: 'acme:work', label: 'work' });
  world.files.faults.push({ kind: 'full', method: 'replaceOwn', path: /connections\/acme\.json/, nth: 1 });
  world.files.faults.push({ kind: 'denied', method: 'list', path: /\/data\/connections$/ });
  await expect(connect(workspace, request)).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(server.dead).toBe(false);
  expect(world.stderr()).toContain('the new grant was not revoked');
});

it('gives nothing back beside a record of the provider that is damaged', async () => {
  const { workspace, world, server } = await start();
  await plantConnection(workspace, { name: 'acme:work', label: 'work' });
  world.files.set('/data/connections/acme%3Awork.json', 'not JSON');
  world.files.faults.push({ kind: 'full', method: 'replaceOwn', path: /connections\/acme\.json/, nth: 1 });
  await expect(connect(workspace, request)).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(server.dead).toBe(false);
});

describe('without a browser', () => {
  it('a person at a terminal pastes the final address', async () => {
    const { workspace, world } = await start({ terminal: true });
    world.noBrowser = 'over SSH';
    const connecting = connect(workspace, request);
    const shown = /https:\/\/acme\.example\/authorize\S+/;
    const printed = async (): Promise<string> => {
      const found = shown.exec(world.stderr())?.[0];
      if (found !== undefined) return found;
      await new Promise((resolve) => setImmediate(resolve));
      return printed();
    };
    const asked = new URL(await printed()).searchParams;
    world.paste(`${asked.get('redirect_uri')}?code=code-1&state=${asked.get('state')}`);
    expect((await connecting).flow).toBe('paste');
    expect(world.stderr()).toContain('over SSH');
  });
});
