// What an opened export may hold. Anybody who knows a public key can seal for it, so nothing in the payload is trusted.
import { describe, expect, it } from 'vitest';
import { payloadFromText } from '../../src/connections/moving/export-payload.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { openExport } from '../../src/stores/export-envelope.ts';
import { readPrivateKey } from '../../src/stores/recipient-key.ts';
import { plantConnection } from './rig.ts';
import { exportTo, home, recipientOf, twoMachines } from './two-machines.ts';

/** A payload that this program wrote. */
async function written(): Promise<{ payload: JsonObject; secrets: string[]; sealed: string }> {
  const both = await twoMachines();
  await plantConnection(both.laptop.workspace);
  const { sealed = '' } = await exportTo(both.laptop, await recipientOf(both));
  const key = await readPrivateKey(both.rig.world.files.get(`${home}/id.key`) ?? '');
  const text = await openExport(sealed.trim(), key);
  return { payload: JSON.parse(text), secrets: ['access-0', 'refresh-0', 'acme-client', 'ann@acme.example'], sealed };
}

// biome-ignore lint/suspicious/noExplicitAny: the payload is taken apart on purpose
type Loose = any;

async function spoilt(change: (payload: Loose) => void): Promise<string> {
  const { payload } = await written();
  change(payload);
  return JSON.stringify(payload);
}

it('is read back as it was written, and shows nothing from outside', async () => {
  const { payload, secrets, sealed } = await written();
  const read = payloadFromText(JSON.stringify(payload));
  expect(read).toMatchObject({ host: 'fake-host', moved: false });
  expect(read.grants.map(({ connection, app, provider }) => [connection.name, app.clientId, provider?.from])).toEqual([
    ['acme', 'acme-client', 'issuer'],
  ]);
  for (const secret of secrets) {
    for (const part of sealed.split('.'))
      expect(Buffer.from(part, 'base64url').toString('latin1')).not.toContain(secret);
  }
});

describe('is refused as a whole', () => {
  it.each<[string, (payload: Loose) => void, string]>([
    ['a newer version', (p) => (p.version = 2), 'record_too_new'],
    ['no version', (p) => delete p.version, 'record_unreadable'],
    ['no connections', (p) => delete p.connections, 'record_unreadable'],
    ['a connection that is none', (p) => p.connections.push(null), 'record_unreadable'],
    ['a name twice', (p) => p.connections.push(p.connections[0]), 'record_unreadable'],
    ['a name that leaves its folder', (p) => (p.connections[0].name = '../../etc/passwd'), 'record_unreadable'],
    ['a name that steers the terminal', (p) => (p.connections[0].name = 'acme:\u001b[2Jx'), 'record_unreadable'],
    ["another provider's name", (p) => (p.connections[0].name = 'gmail'), 'record_unreadable'],
    ['a label that is not in the name', (p) => (p.connections[0].facts.label = 'work'), 'record_unreadable'],
    ['a fact of another type', (p) => (p.connections[0].facts.roles = 'access'), 'record_unreadable'],
    ['a role without a token', (p) => p.connections[0].facts.roles.push('bot'), 'record_unreadable'],
    [
      'a token that would end a header',
      (p) => (p.connections[0].tokens.roles.access.access_token = 'a\r\nx: y'),
      'record_unreadable',
    ],
    [
      'a token type that would',
      (p) => (p.connections[0].tokens.roles.access.token_type = 'Bearer\r\n'),
      'record_unreadable',
    ],
    ['no app', (p) => (p.apps = {}), 'record_unreadable'],
    ["another client's app", (p) => (p.connections[0].client_id = 'another'), 'record_unreadable'],
    ['a provider that is none', (p) => (p.providers.acme.provider.issuer = 'ftp://x'), 'record_unreadable'],
    ['a provider under a foreign name', (p) => (p.providers.acme.provider.id = 'other'), 'record_unreadable'],
  ])('%s', async (_, change, code) => {
    const text = await spoilt(change);
    expect(() => payloadFromText(text)).toThrow(expect.objectContaining({ code }));
  });

  it('what redefines a provider that ships', async () => {
    const text = await spoilt((payload) => {
      const [one] = payload.connections;
      Object.assign(one, { name: 'gmail' });
      one.facts.provider = 'gmail';
      payload.apps.gmail = { ...payload.apps.acme, facts: { ...payload.apps.acme.facts, provider: 'gmail' } };
      payload.providers.gmail = {
        ...payload.providers.acme,
        provider: { ...payload.providers.acme.provider, id: 'gmail' },
      };
    });
    expect(() => payloadFromText(text)).toThrow(/redefines 'gmail', which ships/);
  });

  it.each(['', '[]', '{', 'null', '{"version":1}'])('%j', (text) => {
    expect(() => payloadFromText(text)).toThrow(expect.objectContaining({ code: 'record_unreadable' }));
  });
});
