// An export as a sealed text: what goes in comes out, for the one it was sealed for, and for nobody when a bit was changed.
import { createDecipheriv, createECDH, createHash, pbkdf2Sync } from 'node:crypto';
import fc from 'fast-check';
import { CompactEncrypt } from 'jose';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { claimsOf, openExport, sealExport } from '../../src/stores/export-envelope.ts';
import { newRecipient, readPrivateKey, readPublicKey } from '../../src/stores/recipient-key.ts';

const words = (text: string) => ({ kind: 'passphrase', passphrase: new Secret(text) }) as const;

async function pair() {
  const { publicKey, privateKey, kid } = await newRecipient();
  return { to: await readPublicKey(publicKey), holder: await readPrivateKey(privateKey), kid, privateKey, publicKey };
}

const headerOf = (sealed: string) => JSON.parse(Buffer.from(sealed.split('.')[0] ?? '', 'base64url').toString());

/** RFC 3394 section 2.2.2, by OpenSSL. */
function unwrap(key: Buffer, wrapped: Buffer): Buffer {
  const decipher = createDecipheriv('id-aes256-wrap', key, Buffer.alloc(8, 0xa6));
  return Buffer.concat([decipher.update(wrapped), decipher.final()]);
}

/** RFC 7516 section 5.2, without the library that sealed it. */
function openContent(sealed: string, contentKey: Buffer): string {
  const [header = '', , iv = '', text = '', tag = ''] = sealed.split('.');
  const decipher = createDecipheriv('aes-256-gcm', contentKey, Buffer.from(iv, 'base64url'));
  decipher.setAAD(Buffer.from(header, 'ascii'));
  decipher.setAuthTag(Buffer.from(tag, 'base64url'));
  return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString();
}

const encryptedKey = (sealed: string) => Buffer.from(sealed.split('.')[1] ?? '', 'base64url');

describe('another program opens it by the standards alone', () => {
  it('for a passphrase (RFC 7518 section 4.8)', async () => {
    const sealed = await sealExport('{"a":1}', words('correct horse battery'));
    const { alg, p2c, p2s, typ, cty, v } = headerOf(sealed);
    expect({ alg, p2c, typ, cty, v }).toEqual({
      alg: 'PBES2-HS512+A256KW',
      p2c: 600_000,
      typ: 'oauthctl-export',
      cty: 'json',
      v: 1,
    });
    const salt = Buffer.concat([Buffer.from(`${alg}\0`), Buffer.from(p2s, 'base64url')]);
    const key = pbkdf2Sync('correct horse battery', salt, p2c, 32, 'sha512');
    expect(openContent(sealed, unwrap(key, encryptedKey(sealed)))).toBe('{"a":1}');
  });

  it('for a key (RFC 7518 section 4.6)', async () => {
    const { to, privateKey, kid } = await pair();
    const sealed = await sealExport('{"a":1}', to);
    const { alg, epk, kid: named } = headerOf(sealed);
    expect({ alg, named }).toEqual({ alg: 'ECDH-ES+A256KW', named: kid });
    const ecdh = createECDH('prime256v1');
    ecdh.setPrivateKey(Buffer.from(JSON.parse(privateKey).d, 'base64url'));
    const point = Buffer.concat([Buffer.from([4]), ...[epk.x, epk.y].map((part) => Buffer.from(part, 'base64url'))]);
    const number = (value: number) => Buffer.from([0, 0, 0, value]);
    // Concat KDF, one round: AlgorithmID is the wrapping's name, no party info, 256 bits.
    const info = [number(alg.length), Buffer.from(alg), number(0), number(0), Buffer.from([0, 0, 1, 0])];
    const key = createHash('sha256')
      .update(Buffer.concat([number(1), ecdh.computeSecret(point), ...info]))
      .digest();
    expect(openContent(sealed, unwrap(key, encryptedKey(sealed)))).toBe('{"a":1}');
  });
});

it('whatever text goes in comes out', async () => {
  const { to, holder } = await pair();
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
      expect(await openExport(await sealExport(text, to), holder)).toBe(text);
    }),
    { numRuns: 50 },
  );
});

it('no single bit can be changed, and no end cut off', async () => {
  const { to, holder } = await pair();
  const sealed = await sealExport('{"tokens":"of a grant"}', to);
  await fc.assert(
    fc.asyncProperty(fc.nat(sealed.length - 1), fc.integer({ min: 0, max: 6 }), async (at, bit) => {
      const flipped = String.fromCharCode(sealed.charCodeAt(at) ^ (1 << bit));
      const changed = sealed.slice(0, at) + flipped + sealed.slice(at + 1);
      await expect(openExport(changed, holder)).rejects.toMatchObject({ code: 'record_unreadable' });
    }),
    { numRuns: 300 },
  );
  for (let length = 0; length < sealed.length; length += 7) {
    await expect(openExport(sealed.slice(0, length), holder)).rejects.toMatchObject({ code: 'record_unreadable' });
  }
});

it('it opens for the one that it was sealed for, and for nobody else', async () => {
  const [ours, theirs] = [await pair(), await pair()];
  const sealed = await sealExport('x', ours.to);
  expect(claimsOf(sealed)).toEqual({ for: 'key', kid: ours.kid });
  await expect(openExport(sealed, theirs.holder)).rejects.toMatchObject({ code: 'record_unreadable' });
  await expect(openExport(sealed, words('correct horse battery'))).rejects.toMatchObject({ code: 'key_mismatch' });
});

it('another passphrase does not open it; the same one typed on another keyboard does', async () => {
  const sealed = await sealExport('x', words('Grüße aus Köln!'.normalize('NFC')));
  expect(claimsOf(sealed)).toEqual({ for: 'passphrase', kid: null });
  await expect(openExport(sealed, words('Grüße aus Bonn!'))).rejects.toMatchObject({ code: 'key_mismatch' });
  expect(await openExport(sealed, words('Grüße aus Köln!'.normalize('NFD')))).toBe('x');
});

async function forged(header: Record<string, unknown>): Promise<string> {
  const plain = { alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', typ: 'oauthctl-export', cty: 'json', v: 1 };
  return new CompactEncrypt(Buffer.from('x'))
    .setProtectedHeader({ ...plain, ...header } as { alg: string; enc: string })
    .setKeyManagementParameters({ p2c: 1000 })
    .encrypt(Buffer.from('correct horse battery'));
}

it('a file that asks for hours of key derivation is refused at once', async () => {
  const [header = '', ...rest] = (await forged({})).split('.');
  const asked = { ...JSON.parse(Buffer.from(header, 'base64url').toString()), p2c: 2_000_000_000 };
  const sealed = [Buffer.from(JSON.stringify(asked)).toString('base64url'), ...rest].join('.');
  await expect(openExport(sealed, words('correct horse battery'))).rejects.toMatchObject({ code: 'key_mismatch' });
});

it('a newer version, another kind of content and another text are told apart', async () => {
  const sealed = await forged({ v: 2 });
  expect(() => claimsOf(sealed)).toThrow(expect.objectContaining({ code: 'record_too_new' }));
  const stranger = await forged({ typ: 'JWT' });
  expect(claimsOf(stranger)).toBeUndefined();
  const weaker = await forged({ alg: 'PBES2-HS256+A128KW' });
  expect(() => claimsOf(weaker)).toThrow(expect.objectContaining({ code: 'record_unreadable' }));
  const header = { alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', typ: 'oauthctl-export', v: 1, zip: 'DEF' };
  const packed = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.a.b.c.d`;
  expect(() => claimsOf(packed)).toThrow(expect.objectContaining({ code: 'record_unreadable' }));
  for (const text of ['', '{}', 'a.b.c.d.e', '....', 'eyJ.eyJ']) expect(claimsOf(text)).toBeUndefined();
});

it('a key is taken for what it is', async () => {
  const { publicKey, privateKey, kid } = await pair();
  expect(JSON.parse(publicKey)).not.toHaveProperty('d');
  expect(await readPublicKey(publicKey)).toMatchObject({ kid });
  await expect(readPublicKey(privateKey)).rejects.toThrow('is a private key');
  await expect(readPrivateKey(publicKey)).rejects.toThrow('is a public key');
  const off = JSON.stringify({ ...JSON.parse(publicKey), x: 'A'.repeat(43) });
  await expect(readPublicKey(off)).rejects.toThrow('no point of that curve');
  await expect(readPublicKey('{"kty":"RSA","n":"x","e":"AQAB"}')).rejects.toThrow('not an EC key on the curve P-256');
  await expect(readPublicKey('ssh-ed25519 AAAA')).rejects.toThrow('not a JSON object');
});
