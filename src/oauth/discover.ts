// Finding a server's metadata from its issuer: OpenID Connect Discovery §4 and RFC 8414 §3, both ways of placing the path.
import { CliError } from '../errors.ts';
import type { JsonObject } from '../model/json.ts';
import { isJsonObject } from '../model/json.ts';
import { type Answer, describeAnswer, isSuccess } from './answer.ts';
import { isLoopback } from './endpoints.ts';
import { plainText } from './foreign-text.ts';
import { ask } from './guarded-fetch.ts';
import type { OAuthPorts } from './ports.ts';
import { readMetadata, type ServerMetadata } from './server-metadata.ts';

export { providerFromMetadata } from './provider-from-metadata.ts';
export type { ServerMetadata } from './server-metadata.ts';

/**
 * Throws `invalid_value` for an issuer that cannot be one, `issuer_mismatch` when the server calls itself otherwise,
 * `grant_unsupported` and `bad_response` for metadata that cannot be used, and what fetching rejects with.
 */
export async function discoverServer(typed: string, ports: OAuthPorts): Promise<ServerMetadata> {
  const issuer = parseIssuer(typed);
  const looked: Answer[] = [];
  const others = new Set<string>();
  for (const url of wellKnownAddresses(issuer)) {
    const headers = { accept: 'application/json' };
    const question = { method: 'GET', url, headers, what: 'metadata address', secrets: [] } as const;
    const answer = await ask(question, { issuer, ports });
    const document = documentIn(answer);
    // The exact text counts (RFC 8414 §3.3): it is what id_tokens and callbacks will be compared with.
    if (document?.issuer === issuer) return readMetadata(issuer, document);
    if (document === undefined) looked.push(answer);
    else others.add(plainText(document.issuer));
  }
  throw others.size > 0 ? otherIssuer(issuer, [...others]) : noMetadata(issuer, looked);
}

type Document = JsonObject & { readonly issuer: string };

function documentIn(answer: Answer): Document | undefined {
  const { json } = answer;
  const hasIssuer = isSuccess(answer) && isJsonObject(json) && typeof json.issuer === 'string';
  return hasIssuer ? (json as Document) : undefined;
}

/** Accepts the metadata's own address for the issuer. */
function parseIssuer(typed: string): string {
  const refuse = (why: string) =>
    new CliError('invalid_value', `'${plainText(typed)}' is no issuer: ${why}`, {
      hint: 'give the https address that the server calls its issuer',
    });
  if (!URL.canParse(typed)) throw refuse('it is not an address');
  const url = new URL(typed);
  if (url.username !== '' || url.password !== '') throw refuse('it carries a user name or password');
  if (url.search !== '' || url.hash !== '') throw refuse('it has a query or a fragment (RFC 8414 §2)');
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
  if (!isSafe) throw refuse('it must be https; http is for loopback addresses only');
  const [, place, rest = ''] = /^\/\.well-known\/([^/]+)(\/.*)?$/.exec(url.pathname) ?? [];
  if (place !== undefined) return url.origin + rest;
  return typed.replace(/\/\.well-known\/(openid-configuration|oauth-authorization-server)\/?$/, '');
}

/** Without a path, appended and inserted are the same. */
function wellKnownAddresses(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  return [
    ...new Set([
      `${origin}${path}/.well-known/openid-configuration`,
      `${origin}/.well-known/oauth-authorization-server${path}`,
      `${origin}/.well-known/openid-configuration${path}`,
      `${origin}${path}/.well-known/oauth-authorization-server`,
    ]),
  ];
}

function otherIssuer(issuer: string, others: readonly string[]): CliError {
  const slash = others.some((other) => other.replace(/\/$/, '') === issuer.replace(/\/$/, ''));
  const message = `you gave '${issuer}', but the server calls itself '${others.join("', '")}'${slash ? ': only the slash at the end differs, and it counts' : ''}`;
  return new CliError('issuer_mismatch', message, {
    hint: `give --issuer ${others[0]} if that is the server you mean`,
  });
}

function noMetadata(issuer: string, looked: readonly Answer[]): CliError {
  const hint = 'oauthctl provider add NAME --file FILE.json states the endpoints by hand';
  const down = looked.find(({ status }) => status === 429 || status >= 500);
  if (down !== undefined) {
    const message = `${issuer} cannot describe itself now: ${describeAnswer(down)}`;
    return new CliError(down.status === 429 ? 'rate_limited' : 'provider_unavailable', message, {
      hint: 'try again later',
    });
  }
  // A redirect or a broken document says more than the 404s beside it.
  const telling = looked.find(({ status }) => status !== 404) ?? looked[0];
  const what = telling === undefined ? '' : `: ${describeAnswer(telling)}`;
  return new CliError('bad_response', `${issuer} publishes no metadata where RFC 8414 and OpenID Connect look${what}`, {
    hint,
  });
}
