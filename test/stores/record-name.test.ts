// Record names as file names: one to one, and safe wherever the data folder may lie.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeRecordName, encodeRecordName } from '../../src/stores/record-name.ts';
import { recordFileName, recordNameOf } from '../../src/stores/tree-layout.ts';

const anyName = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,8}(:[a-z0-9][a-z0-9._@+-]{0,12})?$/),
  // What file systems trip over, in every mixture.
  fc
    .array(
      fc.constantFrom(
        'con',
        'nul',
        'aux',
        'com1',
        'lpt9',
        'CON',
        'Nul',
        '.',
        ':',
        '/',
        '\\',
        '%',
        '%41',
        ' ',
        'é',
        'É',
      ),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    .map((parts) => parts.join('')),
);
const foldedAway = (name: string) => name.toLowerCase().replace(/[. ]+$/, '');

describe('record names on disk', () => {
  test('come back as they were', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(decodeRecordName(encodeRecordName(name))).toBe(name);
      }),
    );
  });

  test('never meet, even where case and trailing dots do not count', () => {
    fc.assert(
      fc.property(anyName, anyName, (one, other) => {
        fc.pre(one !== other);
        expect(foldedAway(encodeRecordName(one))).not.toBe(foldedAway(encodeRecordName(other)));
      }),
    );
  });

  test('hold nothing that a file system minds', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const encoded = encodeRecordName(name);
        expect(encoded).toMatch(/^[a-z0-9_%A-F.-]+$/);
        expect(encoded).not.toMatch(/^\.|\.$/);
        // https://learn.microsoft.com/windows/win32/fileio/naming-a-file: with any extension, in any case.
        expect(encoded.split('.')[0]).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)$/i);
      }),
    );
  });

  test.each([
    ['gmail', 'gmail'],
    ['slack:acme', 'slack%3Aacme'],
    ['gmail:anna.b+c@example.com', 'gmail%3Aanna.b%2Bc%40example.com'],
    ['gmail.work', 'gmail.work'],
    ['gmail:a.', 'gmail%3Aa%2E'],
    ['con', '%63on'],
    ['aux.work', '%61ux.work'],
    ['com1', '%63om1'],
    ['console', 'console'],
    ['aux:work', 'aux%3Awork'],
    ['Gmail', '%47mail'],
    ['..', '%2E%2E'],
    ["a'(b)*!~", 'a%27%28b%29%2A%21%7E'],
  ])('%s is %s, for good', (name, encoded) => {
    expect(encodeRecordName(name)).toBe(encoded);
  });

  test.each(['Gmail', 'slack:acme', 'slack%3aacme', '%67mail', 'con', '.gmail', 'gmail.', '%', '%E9', 'gmail (1)'])(
    '%s is no name of ours',
    (encoded) => {
      expect(decodeRecordName(encoded)).toBeUndefined();
    },
  );

  test('a file is a record when it ends in .json and its name is one', () => {
    expect(recordFileName('slack:acme')).toBe('slack%3Aacme.json');
    expect(recordNameOf('slack%3Aacme.json')).toBe('slack:acme');
    expect(recordNameOf('slack%3Aacme')).toBeUndefined();
    expect(recordNameOf('.slack.json.tmp')).toBeUndefined();
  });
});
