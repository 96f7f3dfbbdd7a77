// What a record file is, for good, and what is none.
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { openRecord, parseRecord, parseRecordFile } from '../../src/stores/open-record.ts';
import { claimedHeader, nonceBytes } from '../../src/stores/seal.ts';
import { recordText, sealRecord, writeRecord } from '../../src/stores/write-record.ts';
import { expectError } from './expect-error.ts';
import { content, edited, key, open, ref, written } from './sample-record.ts';

describe('a record file', () => {
  test('of version 1 opens for ever', () => {
    // Never regenerate: this is what lies on people's disks.
    const golden = `{
  "version": 1,
  "kind": "connections",
  "name": "gmail:work",
  "generation": 3,
  "binding": {
    "provider": "gmail",
    "issuer": "https://accounts.google.com",
    "client_id": "client-1"
  },
  "facts": {
    "account": {
      "id": "42",
      "name": "Zoë"
    },
    "scopes": [
      "mail"
    ],
    "expires_in": 1500
  },
  "sealed": "eyJhbGciOiJkaXIiLCJjbGllbnRfaWQiOiJjbGllbnQtMSIsImVuYyI6IkEyNTZHQ00iLCJmYWN0c19zaGEyNTYiOiJWbWJ5N3p5cTdQdXY2T2xwNWgyVlc1RHN1bjZhalRCaVlZSjN1eDIzWXA0IiwiZ2VuZXJhdGlvbiI6MywiaXNzdWVyIjoiaHR0cHM6Ly9hY2NvdW50cy5nb29nbGUuY29tIiwia2lkIjoia2lkLTEiLCJraW5kIjoiY29ubmVjdGlvbnMiLCJuYW1lIjoiZ21haWw6d29yayIsInByb3ZpZGVyIjoiZ21haWwiLCJ0eXAiOiJvYXV0aGN0bC1yZWNvcmQiLCJ2ZXJzaW9uIjoxfQ..CQkJCQkJCQkJCQkJ.XKf28diCpBLIPb9XjY_N_e6SUtwbnZKjHcsyi6Ebah-9x5o.KrZ52rzlEnn5oll7XcEd6g"
}
`;
    expect(writeRecord(ref, content, 3, key, Buffer.alloc(nonceBytes, 9))).toBe(golden);
    expect(open(golden)).toEqual(content.secrets);
  });

  test('of version 2 points at keychain items, for ever', () => {
    // Never regenerate, as above.
    const golden = `{
  "version": 2,
  "kind": "connections",
  "name": "gmail:work",
  "generation": 3,
  "binding": {
    "provider": "gmail",
    "issuer": "https://accounts.google.com",
    "client_id": "client-1"
  },
  "facts": {
    "account": {
      "id": "42",
      "name": "Zoë"
    },
    "scopes": [
      "mail"
    ],
    "expires_in": 1500
  },
  "sealed_in": {
    "store": "keychain-items",
    "id": "000102030405060708090a0b0c0d0e0f",
    "parts": 2,
    "sha256": "Zk_hTAXt7rFsYkZBOCxg2DqEnhWc9nCyfDlC8Ru7Zqc",
    "kid": "kid-1"
  }
}
`;
    const record = sealRecord(ref, content, 3, key, Buffer.alloc(nonceBytes, 9));
    const pointing = parseRecordFile(golden, ref);
    if (!('sealedIn' in pointing)) expect.fail('it does not point');
    expect(recordText(record, pointing.sealedIn)).toBe(golden);
    // What is in the items is what stands in a file of version 1.
    expect(openRecord({ ...pointing, sealed: record.sealed }, key)).toEqual(content.secrets);
  });

  test.each([
    ['store', 'paper'],
    ['id', '00'],
    ['id', '000102030405060708090A0B0C0D0E0F'],
    ['id', 1],
    ['parts', 0],
    ['parts', 1.5],
    ['parts', 1e9],
    ['parts', '1'],
    ['sha256', null],
    ['kid', 7],
    ['more', 1],
  ])('of version 2 with %s: %s is none', async (member, value) => {
    const { sealed: _, ...file } = JSON.parse(written());
    const sealedIn = { store: 'keychain-items', id: '0'.repeat(32), parts: 1, sha256: 'x', kid: 'kid-1' };
    const text = (points: unknown) => JSON.stringify({ ...file, version: 2, sealed_in: points });
    expect(parseRecordFile(text(sealedIn), ref)).toMatchObject({ sealedIn: { parts: 1 } });
    await expectError('record_unreadable', () => parseRecordFile(text({ ...sealedIn, [member]: value }), ref));
    await expectError('record_unreadable', () => parseRecordFile(text(undefined), ref));
  });

  test('holds no secret in clear', () => {
    expect(written()).not.toContain('secret-token');
  });

  test('opens with jose, and the header says what is bound', async () => {
    const { sealed } = parseRecord(written(), ref);
    const opened = await compactDecrypt(sealed, Buffer.from(key.bytes.reveal(), 'base64'));
    expect(JSON.parse(new TextDecoder().decode(opened.plaintext))).toEqual(content.secrets);
    expect(opened.protectedHeader).toEqual({
      alg: 'dir',
      enc: 'A256GCM',
      typ: 'oauthctl-record',
      kid: 'kid-1',
      version: 1,
      kind: 'connections',
      name: 'gmail:work',
      provider: 'gmail',
      issuer: 'https://accounts.google.com',
      client_id: 'client-1',
      generation: 3,
      facts_sha256: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  test('opens when jose sealed it', async () => {
    const file = JSON.parse(written());
    file.sealed = await new CompactEncrypt(new TextEncoder().encode('{"by":"jose"}'))
      .setProtectedHeader(claimedHeader(file.sealed) as { alg: 'dir'; enc: 'A256GCM' })
      .encrypt(Buffer.from(key.bytes.reveal(), 'base64'));
    expect(open(JSON.stringify(file))).toEqual({ by: 'jose' });
  });

  test('whatever the content, opens as it was written, however its JSON is laid out', () => {
    const json = fc.dictionary(
      fc.string({ unit: 'grapheme' }),
      fc.jsonValue({ noUnicodeString: false }),
    ) as fc.Arbitrary<JsonObject>;
    fc.assert(
      fc.property(json, json, fc.nat({ max: 1e9 }), (facts, secrets, count) => {
        const text = writeRecord(ref, { ...content, facts, secrets }, count + 1, key, randomBytes(nonceBytes));
        const reordered = edited(text, (file) => {
          file.facts = Object.fromEntries(Object.entries(file.facts as JsonObject).reverse());
        });
        expect(parseRecord(text, ref).facts).toEqual(JSON.parse(JSON.stringify(facts)));
        expect(open(reordered)).toEqual(JSON.parse(JSON.stringify(secrets)));
      }),
    );
  });

  test('drops what JSON cannot carry before the digest is made', () => {
    const facts = { here: 1, gone: undefined } as unknown as JsonObject;
    expect(open(writeRecord(ref, { ...content, facts }, 1, key, randomBytes(nonceBytes)))).toEqual(content.secrets);
  });

  test('that could not be read again is not written', async () => {
    const facts = { long: 'x'.repeat(1024 * 1024) };
    await expectError('store_unavailable', () =>
      writeRecord(ref, { ...content, facts }, 1, key, randomBytes(nonceBytes)),
    );
  });
});

describe('what is not a record', () => {
  const good = written();

  test('cut anywhere', async () => {
    for (let length = 0; length < good.trimEnd().length; length++) {
      await expectError('record_unreadable', () => open(good.slice(0, length)));
    }
  });

  test.each([
    ['empty', ''],
    ['no JSON', 'gmail'],
    ['an array', '[]'],
    ['null', 'null'],
    ['an empty object', '{}'],
    ['zeros, as after a power cut', '\0'.repeat(100)],
  ])('%s', async (_, text) => {
    await expectError('record_unreadable', () => parseRecord(text, ref));
  });

  test.each(['version', 'kind', 'name', 'generation', 'binding', 'facts', 'sealed'])(
    '%s missing or of another type',
    async (member) => {
      for (const value of [undefined, null, [], -1, 0.5, true]) {
        const text = edited(good, (file) => Object.assign(file, { [member]: value }));
        await expectError('record_unreadable', () => parseRecord(text, ref));
      }
    },
  );

  test.each([
    ['a member that this version does not know', (file: Record<string, Json>) => Object.assign(file, { note: 1 })],
    ['one inside the binding', (file: Record<string, Json>) => Object.assign(file.binding as object, { note: 1 })],
    ['generation 0', (file: Record<string, Json>) => Object.assign(file, { generation: 0 })],
    ['version 0', (file: Record<string, Json>) => Object.assign(file, { version: 0 })],
    ['version "1"', (file: Record<string, Json>) => Object.assign(file, { version: '1' })],
  ])('%s', async (_, edit) => {
    await expectError('record_unreadable', () => parseRecord(edited(good, edit), ref));
  });

  test('numbers that only look like JSON', async () => {
    await expectError('record_unreadable', () => open(good.replace('1500', '1e999')));
  });

  test('facts nested without end', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    await expectError('record_unreadable', () => open(good.replace('1500', deep)));
  });

  test('a newer version is told apart, whatever else it holds', async () => {
    for (const version of [3, 2.5, 1e9]) {
      const error = await expectError('record_too_new', () =>
        parseRecord(JSON.stringify({ version, anything: true }), ref),
      );
      expect(error.hint).toContain('npm install');
    }
  });
});
