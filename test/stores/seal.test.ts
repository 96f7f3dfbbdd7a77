// The seal by itself: a compact JWE that any JOSE library can open, and that no changed bit survives.
import { createCipheriv, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import { claimedHeader, nonceBytes, seal, unseal } from '../../src/stores/seal.ts';

const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });
const nonces = fc.uint8Array({ minLength: nonceBytes, maxLength: nonceBytes });
const payloads = fc.string({ unit: 'grapheme', maxLength: 300 });
const headers = fc.dictionary(
  fc.string({ minLength: 1 }).filter((name) => !['alg', 'enc', 'crit', 'zip', 'b64', '__proto__'].includes(name)),
  fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
);

describe('seal', () => {
  test('opens again, with its header', () => {
    fc.assert(
      fc.property(keys, headers, payloads, nonces, (key, header, payload, nonce) => {
        const sealed = seal(key, header, payload, nonce);
        expect(unseal(key, sealed)).toBe(payload);
        expect(claimedHeader(sealed)).toEqual({ ...header, alg: 'dir', enc: 'A256GCM' });
      }),
    );
  });

  test('jose opens what we seal', async () => {
    await fc.assert(
      fc.asyncProperty(keys, headers, payloads, nonces, async (key, header, payload, nonce) => {
        const opened = await compactDecrypt(seal(key, header, payload, nonce), key);
        expect(new TextDecoder().decode(opened.plaintext)).toBe(payload);
        expect(opened.protectedHeader).toEqual({ ...header, alg: 'dir', enc: 'A256GCM' });
      }),
    );
  });

  test('we open what jose seals', async () => {
    await fc.assert(
      fc.asyncProperty(keys, headers, payloads, async (key, header, payload) => {
        const sealed = await new CompactEncrypt(new TextEncoder().encode(payload))
          .setProtectedHeader({ ...header, alg: 'dir', enc: 'A256GCM' })
          .encrypt(key);
        expect(unseal(key, sealed)).toBe(payload);
      }),
    );
  });

  test('another key opens nothing', () => {
    fc.assert(
      fc.property(keys, keys, payloads, nonces, (key, other, payload, nonce) => {
        fc.pre(Buffer.compare(key, other) !== 0);
        expect(unseal(other, seal(key, {}, payload, nonce))).toBeUndefined();
      }),
    );
  });
});

describe('a seal that was touched does not open', () => {
  const key = randomBytes(32);
  const header: JsonObject = { kid: 'k', name: 'gmail' };
  const sealed = seal(key, header, '{"a":1}', randomBytes(nonceBytes));
  const [head = '', , nonce = '', text = '', tag = ''] = sealed.split('.');

  test('any one character replaced by any other', () => {
    // The last character of a part carries spare bits that a lenient reader would ignore.
    for (let at = 0; at < sealed.length; at++) {
      for (const other of 'AQgw0_-.') {
        if (sealed[at] === other) continue;
        expect(unseal(key, sealed.slice(0, at) + other + sealed.slice(at + 1)), `${at} → ${other}`).toBeUndefined();
      }
    }
  });

  test.each([
    ['empty', ''],
    ['no JWE', 'gmail'],
    ['a part missing', [head, nonce, text, tag].join('.')],
    ['a part added', `${sealed}.`],
    ['an encrypted key where none belongs', [head, nonce, nonce, text, tag].join('.')],
    ['a character that base64url has not', [head, '', nonce, `${text}!`, tag].join('.')],
    ['padding', [head, '', nonce, text, `${tag}==`].join('.')],
    ['white space', `${sealed}\n`],
    ['a tag cut to 96 bits', [head, '', nonce, text, tag.slice(0, 16)].join('.')],
    ['a nonce cut short', [head, '', nonce.slice(0, 8), text, tag].join('.')],
    ['cut in the middle', sealed.slice(0, sealed.length / 2)],
  ])('%s', (_, touched) => {
    expect(unseal(key, touched)).toBeUndefined();
  });

  test('another algorithm in a header that is sealed all the same', () => {
    const foreign = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A128GCM' })).toString('base64url');
    const iv = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    cipher.setAAD(Buffer.from(foreign));
    const body = Buffer.concat([cipher.update('{}'), cipher.final()]);
    const parts = [foreign, '', ...[iv, body, cipher.getAuthTag()].map((part) => part.toString('base64url'))];
    expect(unseal(key, parts.join('.'))).toBeUndefined();
  });
});
