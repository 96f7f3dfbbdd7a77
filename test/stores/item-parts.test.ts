// Cutting a sealed part into what fits into an item, and noticing that a part is not what it was.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOf, joinParts, splitParts } from '../../src/stores/item-parts.ts';

// Sealed text is ASCII; text of any kind, pairs of surrogates and lone ones included, must survive the cut all the same.
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 400 }).map((units) => String.fromCharCode(...units)),
);
const limits = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(512, 1_280, 2_560, 100_000));

test('joined again it is what it was, and every part is within the limit', () => {
  fc.assert(
    fc.property(texts, limits, (text, limit) => {
      const parts = splitParts(text, limit);
      expect(joinParts(parts, digestOf(text))).toBe(text);
      expect(parts.every((part) => part.length <= limit)).toBe(true);
      // No part is empty: an empty item is what a killed daemon leaves.
      expect(parts.length === 1 || parts.every((part) => part.length > 0)).toBe(true);
      expect(parts).toHaveLength(Math.max(1, Math.ceil(text.length / limit)));
    }),
  );
});

test('what fits exactly is one part, and one unit more is two', () => {
  expect(splitParts('x'.repeat(512), 512)).toHaveLength(1);
  expect(splitParts('x'.repeat(513), 512)).toEqual(['x'.repeat(512), 'x']);
});

test('a part that is missing, doubled, swapped, cut, emptied or changed is noticed', () => {
  const ascii = fc.string({ unit: 'binary-ascii', minLength: 2, maxLength: 400 });
  const damages = fc.constantFrom<(parts: string[], at: number) => string[]>(
    (parts, at) => parts.toSpliced(at, 1),
    (parts, at) => parts.toSpliced(at, 0, parts[at] ?? ''),
    (parts, at) => parts.with(at, parts[(at + 1) % parts.length] ?? '').with((at + 1) % parts.length, parts[at] ?? ''),
    (parts, at) => parts.with(at, parts[at]?.slice(1) ?? ''),
    (parts, at) => parts.with(at, ''),
    (parts, at) => parts.with(at, `${parts[at]} `),
  );
  fc.assert(
    fc.property(ascii, fc.integer({ min: 1, max: 100 }), damages, fc.nat(), (text, limit, damage, seed) => {
      const parts = splitParts(text, limit);
      const damaged = damage(parts, seed % parts.length);
      fc.pre(damaged.join('') !== text);
      expect(joinParts(damaged, digestOf(text))).toBeUndefined();
    }),
  );
});
