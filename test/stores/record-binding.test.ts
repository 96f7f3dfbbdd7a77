// Nothing in a record file can be changed, moved or mixed without being noticed.
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import { Secret } from '../../src/model/secret.ts';
import type { RecordRef } from '../../src/model/store.ts';
import { parseRecord } from '../../src/stores/open-record.ts';
import { claimedHeader, nonceBytes, seal } from '../../src/stores/seal.ts';
import { expectError } from './expect-error.ts';
import { edited, key, open, ref, written } from './sample-record.ts';

describe('every field is bound', () => {
  const clear: [string, (file: Record<string, Json>) => void][] = [
    ['provider', (file) => Object.assign(file.binding as object, { provider: 'google-drive' })],
    ['issuer', (file) => Object.assign(file.binding as object, { issuer: 'https://evil.example' })],
    ['client_id', (file) => Object.assign(file.binding as object, { client_id: 'client-2' })],
    ['generation', (file) => Object.assign(file, { generation: 4 })],
    ['facts', (file) => Object.assign(file.facts as object, { scopes: [] })],
    ['facts', (file) => Object.assign(file.facts as object, { added: 1 })],
    ['facts', (file) => Object.assign(file, { facts: {} })],
  ];
  test.each(clear)('edited in clear: %s', async (field, edit) => {
    const error = await expectError('record_unreadable', () => open(edited(written(), edit)));
    expect(error.message).toContain(`disagree on ${field}`);
    expect(error.hint).toBeDefined();
  });

  test.each([
    'typ',
    'kid',
    'version',
    'kind',
    'name',
    'provider',
    'issuer',
    'client_id',
    'generation',
    'facts_sha256',
    'alg',
    'enc',
  ])('edited in the header, and sealed again with the right key: %s', async (field) => {
    const file = JSON.parse(written());
    const header = { ...claimedHeader(file.sealed), [field]: field === 'generation' ? 4 : 'other' };
    const sealed = seal(Buffer.from(key.bytes.reveal(), 'base64'), header, '{}', randomBytes(nonceBytes));
    // `alg` and `enc` are the seal's own: it writes what it does, so they are edited in the finished text.
    const parts = sealed.split('.');
    parts[0] = Buffer.from(JSON.stringify(header)).toString('base64url');
    file.sealed = field === 'alg' || field === 'enc' ? parts.join('.') : sealed;
    await expectError('record_unreadable', () => open(JSON.stringify(file)));
  });

  test('edited in clear and in the header alike, without the key', async () => {
    for (const [field, clearName] of [
      ['provider', 'provider'],
      ['issuer', 'issuer'],
      ['client_id', 'client_id'],
    ] as const) {
      const text = edited(written(), (file) => {
        Object.assign(file.binding as object, { [clearName]: 'other' });
        const parts = (file.sealed as string).split('.');
        parts[0] = Buffer.from(JSON.stringify({ ...claimedHeader(file.sealed as string), [field]: 'other' })).toString(
          'base64url',
        );
        file.sealed = parts.join('.');
      });
      const error = await expectError('record_unreadable', () => open(text));
      expect(error.message).toContain('seal is broken');
    }
  });

  test('a member more or less in the header', async () => {
    for (const change of [{ extra: 1 }, { typ: undefined }]) {
      const file = JSON.parse(written());
      const header = JSON.parse(JSON.stringify({ ...claimedHeader(file.sealed), ...change }));
      file.sealed = seal(Buffer.from(key.bytes.reveal(), 'base64'), header, '{}', randomBytes(nonceBytes));
      await expectError('record_unreadable', () => open(JSON.stringify(file)));
    }
  });

  test('the sealed part of an older generation in a newer file', async () => {
    const old = JSON.parse(written(3)).sealed;
    await expectError('record_unreadable', () =>
      open(edited(written(4), (file) => Object.assign(file, { sealed: old }))),
    );
  });
});

describe('a record in the wrong place', () => {
  test.each<RecordRef>([
    { kind: 'connections', name: 'gmail:home' },
    { kind: 'apps', name: 'gmail:work' },
  ])('is unreadable as $kind/$name, before any key is asked for', async (elsewhere) => {
    const error = await expectError('record_unreadable', () => parseRecord(written(), elsewhere));
    expect(error.message).toContain("it is the record of 'gmail:work'");
  });

  test('does not open there either when its clear name is edited too', async () => {
    const elsewhere = { ...ref, name: 'gmail:home' };
    const text = edited(written(), (file) => Object.assign(file, { name: 'gmail:home' }));
    const error = await expectError('record_unreadable', () => open(text, elsewhere));
    expect(error.message).toContain('disagree on name');
  });

  test('in another tree is told apart from a broken one', async () => {
    const foreign = { kid: 'kid-2', bytes: new Secret(Buffer.alloc(32, 8).toString('base64')) };
    const error = await expectError('record_unreadable', () => open(written(), ref, foreign));
    expect(error.message).toContain('another key');
  });

  test('another key under the same kid opens nothing', async () => {
    const impostor = { ...key, bytes: new Secret(Buffer.alloc(32, 8).toString('base64')) };
    await expectError('record_unreadable', () => open(written(), ref, impostor));
  });
});
