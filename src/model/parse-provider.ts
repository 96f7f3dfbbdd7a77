// From JSON to a Provider: what a person writes into a file, what discovery found, and what shipped data must survive too.
import { isJsonObject, type JsonObject } from './json.ts';
import { plainProvider } from './plain-provider.ts';
import type { Provider } from './provider.ts';
import { checkConsistency } from './provider-consistency.ts';
import { endpoints, providerShape } from './provider-shape.ts';
import { refuse } from './shape.ts';
import { issuer, slug } from './wire-shapes.ts';

/**
 * Members that are left out mean what the RFCs say; `id`, `issuer` and the authorization and token endpoints must be there.
 * Throws `invalid_value` naming the JSON pointer of what is wrong.
 */
export function parseProvider(json: unknown): Provider {
  if (!isJsonObject(json)) return refuse('', 'must be a JSON object');
  for (const member of ['id', 'issuer', 'endpoints']) {
    if (!Object.hasOwn(json, member)) return refuse(`/${member}`, 'is missing');
  }
  const id = slug(json.id, '/id');
  const plain = plainProvider({
    id,
    name: id,
    issuer: issuer(json.issuer, '/issuer'),
    endpoints: endpoints(json.endpoints, '/endpoints'),
  });
  const provider = providerShape(filledUp(json, plain as unknown as JsonObject), '');
  checkConsistency(provider);
  return provider;
}

/** Members of members, too: `{"redirect": {"ports": [8252]}}` changes the ports and nothing else. */
function filledUp(json: JsonObject, plain: JsonObject): JsonObject {
  const filled = Object.entries(json).map(([key, value]) => {
    const otherwise = Object.hasOwn(plain, key) ? plain[key] : undefined;
    return [key, isJsonObject(value) && isJsonObject(otherwise) ? { ...otherwise, ...value } : value] as const;
  });
  return { ...plain, ...Object.fromEntries(filled) };
}
