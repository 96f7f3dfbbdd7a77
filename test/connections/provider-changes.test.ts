// Adding, refreshing and removing providers: what is taken, what wants a yes, what is held.
import { describe, expect, test } from 'vitest';
import { setApp } from '../../src/connections/apps.ts';
import {
  type AddRequest,
  addProvider,
  applyRefresh,
  planRefresh,
  removeProvider,
} from '../../src/connections/provider-changes.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { WireRequest } from '../../src/model/ports.ts';
import { Secret } from '../../src/model/secret.ts';
import type { World } from '../support/world.ts';
import { acmeFile, paths, plantTree, providerFile, refusal } from './tree.ts';

const folder = `${paths.config}/providers`;
const issuer = 'https://id.acme.example';
const acme = { id: 'acme', issuer, endpoints: { authorization: `${issuer}/authorize`, token: `${issuer}/token` } };
const byIssuer: AddRequest = { name: 'acme', issuer, scopes: ['openid'], apiOrigins: [] };
const byFile: AddRequest = { name: 'acme', file: 'acme.json', scopes: [], apiOrigins: [] };

/** Where `--file acme.json` is looked for. */
const typedFile = ({ system }: World) => `${system.env.workingFolder}/acme.json`;

/** A tree in a world where the issuer describes itself. */
const plantServer = (metadata: JsonObject = {}) => {
  const document: Record<string, unknown> = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    ...metadata,
  };
  const fetch = async ({ url }: WireRequest) =>
    url.startsWith(`${issuer}/.well-known/`)
      ? { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(document) }
      : { status: 404, headers: {}, body: '' };
  return { ...plantTree({ fetch }), document };
};

describe('adding', () => {
  test('from an issuer: the metadata is kept, so that it is asked once', async () => {
    const { world, workspace, events } = plantServer({ revocation_endpoint: `${issuer}/revoke` });
    await addProvider(workspace, { ...byIssuer, apiOrigins: ['https://api.acme.example'] });
    const asked = world.network.requests.length;
    const { provider, source } = await workspace.providers.get('acme');
    expect(source).toBe('added');
    expect(provider).toMatchObject({
      issuer,
      endpoints: { revocation: `${issuer}/revoke` },
      scopes: { default: ['openid'] },
      apiOrigins: ['https://api.acme.example'],
    });
    expect(world.network.requests).toHaveLength(asked);
    expect(events).toMatchObject([{ type: 'provider.added', provider: 'acme', details: { issuer } }]);
  });

  test('from a file, which may leave its id out', async () => {
    const { world, workspace } = plantTree();
    const { id: _, ...nameless } = acme;
    world.files.set(typedFile(world), JSON.stringify(nameless));
    await addProvider(workspace, byFile);
    expect((await workspace.providers.get('acme')).provider.redirect.path).toBe('/callback/acme');
  });

  test.each<[string, AddRequest, string, string]>([
    ['a shipped name', { ...byIssuer, name: 'gmail' }, 'invalid_value', 'cannot be redefined'],
    ['a name that is none', { ...byIssuer, name: 'a/b' }, 'invalid_value', 'is not a provider name'],
    ['neither issuer nor file', { ...byIssuer, issuer: undefined }, 'usage', 'give one of the two'],
    ['both', { ...byIssuer, file: 'acme.json' }, 'usage', 'give one of the two'],
    ['scopes beside a file', { ...byFile, scopes: ['a'] }, 'usage', 'states its own scopes'],
    ['a file that is not there', byFile, 'invalid_value', 'there is no file /home/ann/'],
    ['plain http', { ...byIssuer, issuer: 'http://id.acme.example' }, 'invalid_value', 'https'],
    [
      'an API origin in the clear',
      { ...byIssuer, apiOrigins: ['http://api.acme.example'] },
      'invalid_value',
      '/apiOrigins/0',
    ],
    [
      'an API origin with a path',
      { ...byIssuer, apiOrigins: ['https://api.acme.example/v1'] },
      'invalid_value',
      'must be an origin',
    ],
    ['two scopes in one', { ...byIssuer, scopes: ['a b'] }, 'invalid_value', '/scopes/default/0'],
  ])('%s is refused, and nothing is written', async (_, request, code, words) => {
    const { world, workspace } = plantServer();
    const error = await refusal(addProvider(workspace, request));
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
    expect(world.files.paths(paths.config)).toEqual([]);
  });

  test.each([
    ['not JSON', '<html>', 'is not a JSON object'],
    ['of another name', JSON.stringify({ ...acme, id: 'other' }), "describes 'other', not 'acme'"],
    ['with a name that deceives', JSON.stringify({ ...acme, name: 'Gmail\u202E' }), '/name must not hold'],
  ])('a file %s is refused', async (_, text, words) => {
    const { world, workspace } = plantTree();
    world.files.set(typedFile(world), text);
    const error = await refusal(addProvider(workspace, byFile));
    expect(error).toMatchObject({ code: 'invalid_value', message: expect.stringContaining(words) });
  });

  test('a name that is taken stays what it is, whatever its file holds', async () => {
    const { world, workspace } = plantServer();
    world.files.set(providerFile('acme'), 'broken');
    expect((await refusal(addProvider(workspace, byIssuer))).message).toBe("there is already a provider 'acme'");
    expect(world.files.get(providerFile('acme'))).toBe('broken');
    expect(world.network.requests).toEqual([]);
  });
});

describe('refreshing', () => {
  test('nothing changed', async () => {
    const { workspace } = plantServer();
    await addProvider(workspace, byIssuer);
    expect(await planRefresh(workspace, 'acme')).toMatchObject({ changes: [], needsYes: false });
  });

  test('a new endpoint path is shown and applied; the chosen scopes stay', async () => {
    const { workspace, document, events } = plantServer();
    await addProvider(workspace, byIssuer);
    document.token_endpoint = `${issuer}/v2/token`;
    const plan = await planRefresh(workspace, 'acme');
    expect(plan).toMatchObject({
      changes: [{ at: '/endpoints/token', from: `${issuer}/token`, to: `${issuer}/v2/token` }],
      needsYes: false,
    });
    expect((await workspace.providers.get('acme')).provider.endpoints.token).toBe(`${issuer}/token`);
    await applyRefresh(workspace, plan);
    const { provider } = await workspace.providers.get('acme');
    expect(provider.endpoints.token).toBe(`${issuer}/v2/token`);
    expect(provider.scopes.default).toEqual(['openid']);
    expect(events.at(-1)).toMatchObject({ type: 'provider.changed' });
    expect((await planRefresh(workspace, 'acme')).changes).toEqual([]);
  });

  test.each([
    ['another host', 'token_endpoint', 'https://tokens.elsewhere.example/token'],
    ['another port', 'token_endpoint', 'https://id.acme.example:8443/token'],
    ['a first revocation endpoint elsewhere', 'revocation_endpoint', 'https://elsewhere.example/revoke'],
  ])('%s wants a yes', async (_, member, url) => {
    const { workspace, document } = plantServer();
    await addProvider(workspace, byIssuer);
    document[member] = url;
    expect((await planRefresh(workspace, 'acme')).needsYes).toBe(true);
  });

  test('another issuer under the same address is refused', async () => {
    const { workspace, document } = plantServer();
    await addProvider(workspace, byIssuer);
    document.issuer = 'https://evil.example';
    expect((await refusal(planRefresh(workspace, 'acme'))).code).toBe('issuer_mismatch');
  });

  test('what ships, what came from a file and what is not there cannot be fetched again', async () => {
    const { world, workspace } = plantTree();
    world.files.set(providerFile('acme'), acmeFile());
    expect((await refusal(planRefresh(workspace, 'gmail'))).message).toContain('ships with oauthctl');
    expect((await refusal(planRefresh(workspace, 'acme'))).message).toContain('was added from a file');
    expect((await refusal(planRefresh(workspace, 'zeta'))).code).toBe('provider_not_found');
  });
});

describe('removing', () => {
  test('also a file that cannot be used', async () => {
    const { world, workspace, events } = plantTree();
    world.files.set(providerFile('acme'), 'broken');
    await removeProvider(workspace, 'acme');
    expect(world.files.paths(folder)).toEqual([]);
    expect(events).toMatchObject([{ type: 'provider.removed', provider: 'acme' }]);
    expect((await refusal(removeProvider(workspace, 'acme'))).code).toBe('provider_not_found');
    expect((await refusal(removeProvider(workspace, 'gmail'))).message).toContain('cannot be removed');
  });

  test('what belongs to a longer name does not hold it', async () => {
    const { world, workspace, connect } = plantTree();
    world.files.set(providerFile('acme'), acmeFile());
    world.files.set(providerFile('acme-eu'), acmeFile('id.acme.example', 'acme-eu'));
    await setApp(workspace, { provider: 'acme-eu', clientId: 'app', clientSecret: new Secret('plain-secret') });
    await connect({ name: 'acme-eu', provider: 'acme-eu', app: 'default', clientId: 'app' });
    await removeProvider(workspace, 'acme');
    expect(world.files.paths(folder)).toEqual([providerFile('acme-eu')]);
  });

  test('refused while something belongs to it', async () => {
    const { world, workspace, connect } = plantTree();
    world.files.set(providerFile('acme'), acmeFile());
    world.files.set(providerFile('acme-eu'), acmeFile('id.acme.example', 'acme-eu'));
    await setApp(workspace, { provider: 'acme-eu', clientId: 'app', clientSecret: new Secret('plain-secret') });
    await connect({ name: 'acme:work', provider: 'acme', app: 'default', clientId: 'app' });
    expect(await refusal(removeProvider(workspace, 'acme'))).toMatchObject({
      message: "'acme' is in use by acme:work",
      hint: 'oauthctl revoke acme:work',
    });
    expect((await refusal(removeProvider(workspace, 'acme-eu'))).hint).toBe('oauthctl app remove acme-eu');
    expect(world.files.paths(folder)).toHaveLength(2);
  });
});
