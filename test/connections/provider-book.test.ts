// The provider book: what ships, what was added, and what is wrong with a file.
import { describe, expect, test } from 'vitest';
import { shippedProviders } from '../../src/providers/generated-index.ts';
import { acmeFile, paths, plantTree, refusal } from './tree.ts';

const folder = `${paths.config}/providers`;
const issuer = 'https://id.acme.example';
const shipped = Object.keys(shippedProviders).sort();

describe('finding', () => {
  test('shipped ones first, then added ones, sorted', async () => {
    const { world, workspace } = plantTree();
    world.files.set(`${folder}/acme.json`, acmeFile());
    const entries = await workspace.providers.list();
    expect(entries.map(({ provider, source }) => `${provider.id} ${source}`)).toEqual([
      ...shipped.map((id) => `${id} shipped`),
      'acme added',
    ]);
    expect((await workspace.providers.get('ACME')).provider.endpoints.token).toBe(`${issuer}/token`);
  });

  test.each([
    ['gmial', "there is no provider 'gmial'; did you mean 'gmail'?", 'oauthctl provider list'],
    ['acne', "there is no provider 'acne'; did you mean 'acme'?", 'oauthctl provider list'],
    [
      'constructor',
      `there is no provider 'constructor', only ${[...shipped, 'acme'].join(', ')}`,
      'oauthctl provider add constructor --issuer URL',
    ],
  ])('%s is not there: what may be meant', async (typed, message, hint) => {
    const { world, workspace } = plantTree();
    world.files.set(`${folder}/acme.json`, acmeFile());
    expect(await refusal(workspace.providers.get(typed))).toMatchObject({ code: 'provider_not_found', message, hint });
  });

  test('a name that is none is refused before any file is touched', async () => {
    const { world, workspace } = plantTree();
    expect((await refusal(workspace.providers.get('../../etc/passwd'))).code).toBe('invalid_value');
    expect(world.files.calls).toEqual([]);
  });

  test('a file cannot redefine what ships', async () => {
    const { world, workspace } = plantTree();
    world.files.set(`${folder}/gmail.json`, acmeFile('id.acme.example', 'gmail'));
    expect((await workspace.providers.get('gmail')).provider.issuer).toBe('https://accounts.google.com');
    expect((await workspace.providers.list()).map(({ source }) => source)).toEqual(shipped.map(() => 'shipped'));
  });

  test.each([
    ['cut short', '{"version":1,', 'it is not a JSON object'],
    ['newer', '{"version":2,"provider":{}}', 'another version of oauthctl'],
    ['of another provider', acmeFile('id.acme.example', 'other'), "it describes 'other'"],
    [
      'with a slip in it',
      acmeFile().replace('"clientAuth"', '"clientAuht"'),
      "/clientAuht is not known here; did you mean 'clientAuth'?",
    ],
    [
      'with an endpoint in the clear',
      acmeFile().replace(`${issuer}/token`, 'http://id.acme.example/token'),
      '/endpoints/token must be https',
    ],
  ])('a file %s is named, and breaks no other provider', async (_, text, words) => {
    const { world, workspace, warnings } = plantTree();
    world.files.set(`${folder}/acme.json`, text);
    world.files.set(`${folder}/zeta.json`, acmeFile('id.acme.example', 'zeta'));
    const error = await refusal(workspace.providers.get('acme'));
    expect(error).toMatchObject({
      code: 'settings_invalid',
      hint: expect.stringContaining('oauthctl provider remove acme'),
    });
    expect(error.message).toContain(`${folder}/acme.json`);
    expect(error.message).toContain(words);
    expect((await workspace.providers.list()).map(({ provider }) => provider.id)).toEqual([...shipped, 'zeta']);
    expect(warnings).toEqual([expect.stringContaining("provider 'acme' is left out")]);
    await workspace.providers.get('zeta');
  });

  test('a folder that cannot be read is a matter of settings', async () => {
    const { world, workspace } = plantTree();
    world.files.set(`${folder}/acme.json`, acmeFile(), { ownerIsUs: false });
    expect(await refusal(workspace.providers.get('acme'))).toMatchObject({
      code: 'settings_invalid',
      message: `${folder}/acme.json cannot be used: it belongs to another user`,
    });
  });
});
