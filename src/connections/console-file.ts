// The JSON that a provider's console downloads for a client: id and secret, and nothing else. An endpoint in a file is no
// reason to send a secret there.
import { CliError } from '../errors.ts';
import { isJsonObject, type Json, parseJson } from '../model/json.ts';
import type { Provider } from '../model/provider.ts';
import { Secret } from '../model/secret.ts';

interface ConsoleClient {
  /** Undefined: the file does not tell. */
  readonly kind: string | undefined;
  readonly clientId: string;
  readonly clientSecret: Secret | undefined;
}

/** Throws `invalid_value` saying what the file is, where that can be told. */
export function parseConsoleFile(provider: Provider, text: string): ConsoleClient {
  const json = parseJson(text.replace(/^\ufeff/, ''));
  if (!isJsonObject(json)) throw notAClient(provider, 'it is not a JSON object');
  // RFC 7591 §3.2.1, where the provider has no form of its own: what a registration endpoint answers.
  const clients = provider.consoleFile?.clients ?? [{ at: '', kind: undefined }];
  for (const { at, kind } of clients) {
    const client = pointed(json, at);
    if (!isJsonObject(client) || typeof client.client_id !== 'string') continue;
    const secret = client.client_secret;
    return {
      kind,
      clientId: client.client_id,
      clientSecret: typeof secret === 'string' && secret !== '' ? new Secret(secret) : undefined,
    };
  }
  const lookalike = provider.consoleFile?.lookalikes.find(({ at, equals }) => {
    const found = pointed(json, at);
    return found !== undefined && (equals === undefined || found === equals);
  });
  throw notAClient(provider, lookalike?.words ?? 'there is no client id in it');
}

function notAClient(provider: Provider, why: string): CliError {
  return new CliError('invalid_value', `the file is not an OAuth client of ${provider.name}: ${why}`, {
    hint: `oauthctl provider guide ${provider.id}`,
  });
}

/** RFC 6901. */
function pointed(json: Json, at: string): Json | undefined {
  const keys = at.split('/').slice(1);
  return keys.reduce<Json | undefined>((value, escaped) => {
    const key = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }, json);
}
