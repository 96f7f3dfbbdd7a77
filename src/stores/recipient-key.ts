// The key pair that an export can be sealed for: its public half goes to whoever exports, its private half stays where the
// import is. P-256, which every JOSE library, hardware token and cloud KMS has; X25519 is experimental in Node 20's WebCrypto.
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { CliError } from '../errors.ts';
import { isJsonObject, parseJson } from '../model/json.ts';
import type { Recipient } from './export-envelope.ts';

type KeyRecipient = Extract<Recipient, { kind: 'key' }>;

export interface NewRecipient {
  /** RFC 7638. */
  readonly kid: string;
  /** Each one JWK (RFC 7517) as text. */
  readonly privateKey: string;
  readonly publicKey: string;
}

const algorithm = 'ECDH-ES+A256KW';
const curve = 'P-256';

export async function newRecipient(): Promise<NewRecipient> {
  const { privateKey } = await generateKeyPair(algorithm, { crv: curve, extractable: true });
  const { kty, crv, x, y, d } = await exportJWK(privateKey);
  const open: JWK = { kty: kty ?? 'EC', crv: crv ?? curve, x: x ?? '', y: y ?? '' };
  const kid = await calculateJwkThumbprint(open);
  const facts = { kid, use: 'enc', alg: algorithm };
  return {
    kid,
    publicKey: JSON.stringify({ ...open, ...facts }),
    privateKey: JSON.stringify({ ...open, d, ...facts }),
  };
}

/** The half that may travel. Throws `invalid_value` for anything else, above all for the half that may not. */
export async function readPublicKey(text: string): Promise<KeyRecipient> {
  const jwk = jwkIn(text);
  // RFC 7518 §6.2.2.1
  if ('d' in jwk) {
    throw new CliError('invalid_value', 'the recipient is a private key: it belongs on the machine that imports', {
      hint: 'give the public key, which oauthctl key new-recipient prints; one that was typed in the open is replaced by a new pair',
    });
  }
  return keyOf(jwk);
}

/** The half that opens. */
export async function readPrivateKey(text: string): Promise<KeyRecipient> {
  const jwk = jwkIn(text);
  if ('d' in jwk) return keyOf(jwk);
  throw new CliError(
    'invalid_value',
    'the identity is a public key, which opens nothing: the private one of the pair is wanted',
    {
      hint: 'give the file that oauthctl key new-recipient --out FILE wrote',
    },
  );
}

function jwkIn(text: string): JWK {
  const json = parseJson(text);
  if (isJsonObject(json)) return json as JWK;
  throw notAKey('it is not a JSON object');
}

async function keyOf({ kty, crv, x, y, d }: JWK): Promise<KeyRecipient> {
  if (kty !== 'EC' || crv !== curve) throw notAKey(`it is not an EC key on the curve ${curve}`);
  if (typeof x !== 'string' || typeof y !== 'string') throw notAKey('a coordinate is missing');
  const jwk: JWK = { kty, crv, x, y, ...(typeof d === 'string' ? { d } : {}) };
  try {
    // Refuses a point that is not on the curve (RFC 7518 §6.2.1.2).
    await importJWK(jwk, algorithm);
  } catch {
    throw notAKey('it holds no point of that curve');
  }
  return { kind: 'key', jwk, kid: await calculateJwkThumbprint({ kty, crv, x, y }) };
}

function notAKey(why: string): CliError {
  return new CliError('invalid_value', `the key cannot be used: ${why}`, {
    hint: 'oauthctl key new-recipient --out FILE',
  });
}
