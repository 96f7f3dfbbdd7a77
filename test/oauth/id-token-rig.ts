// The check of an id_token as a server in the tests signed it.
import type { WireResponse } from '../../src/model/ports.ts';
import type { Provider } from '../../src/model/provider.ts';
import { Secret } from '../../src/model/secret.ts';
import { readWire } from '../../src/oauth/answer.ts';
import { checkIdToken } from '../../src/oauth/identity.ts';
import { issuer, json, makePeer, nowAt, portsOver, script, withEndpoints } from './rig.ts';
import { type Claims, claimsOf, createSigner } from './signed-tokens.ts';

const signer = await createSigner();
export const jwks = withEndpoints({ jwks: `${issuer}/keys` });

interface Options {
  readonly provider?: Partial<Provider>;
  readonly nonce?: string | null;
  readonly keys?: WireResponse | Error;
  readonly signature?: boolean;
  readonly tenant?: string | null;
  /** The server's clock. */
  readonly date?: string | undefined;
}

export function check(idToken: string, options: Options = {}) {
  const { nonce = 'the-nonce', signature = true, keys = json(200, signer.keys) } = options;
  const server = script(keys);
  const response = json(200, {}, options.date === undefined ? {} : { date: options.date });
  const answer = readWire(response, { url: new URL(`${issuer}/token`), sentAt: nowAt, secrets: [] });
  const peer = { ...makePeer({ ...jwks, ...options.provider }), tenant: options.tenant ?? null };
  return checkIdToken(peer, new Secret(idToken), { nonce, answer, signature }, portsOver(server.fetch));
}

export const signed = (changes: Claims = {}) => signer.sign(claimsOf(changes));
