// What a client id, a client secret, a redirect URI and an app's name may look like. Prompts and flags are judged alike.
import { CliError } from '../errors.ts';
import { anApp } from '../model/kind-words.ts';
import type { ClientAuth, KindRule, Lookalike, Provider } from '../model/provider.ts';
import { appCommand } from './app-command.ts';
import { wordProblem } from './loopback-word.ts';
import { looksLike, shapeProblem } from './value-shapes.ts';

/** What is wrong with a client id, in words that follow "the client id"; undefined when nothing is. */
export function clientIdProblem(provider: Provider, id: string): string | undefined {
  const shape = provider.clientIdShape;
  if (id === '') return 'is empty';
  if (provider.clientSecretPrefixes?.some((prefix) => id.startsWith(prefix))) {
    return 'is a client secret: the two were swapped. Since it was typed in the open, make a new secret';
  }
  if (isPlaceholder(id)) return `'${shown(id)}' is a placeholder`;
  const mistaken = lookalike(provider, 'client_id', id);
  if (mistaken !== undefined) return mistaken;
  // RFC 6749 §A.1: printable ASCII; a space comes from copying and pasting.
  if (!/^[\x21-\x7e]+$/.test(id)) return 'holds white space or characters that no client id has';
  const misshapen = shape === null ? undefined : shapeProblem(shape, id);
  return misshapen === undefined ? undefined : `'${shown(id)}' ${misshapen}`;
}

function lookalike({ lookalikes = [] }: Provider, of: Lookalike['of'], value: string): string | undefined {
  return lookalikes.find((entry) => entry.of === of && looksLike(entry, value))?.words;
}

/** As above, for a client secret. Never repeats it. */
export function clientSecretProblem(provider: Provider, secret: string): string | undefined {
  const shape = provider.clientIdShape;
  if (secret === '') return 'is empty';
  if (isPlaceholder(secret)) return 'is a placeholder';
  const mistaken = lookalike(provider, 'client_secret', secret);
  if (mistaken !== undefined) return mistaken;
  // RFC 6749 §A.2: printable ASCII; a space inside is a slip of copying.
  if (!/^[\x21-\x7e]+$/.test(secret)) return 'holds white space or characters that no client secret has';
  return shape?.endsWith !== undefined && secret.endsWith(shape.endsWith)
    ? 'is a client id: the two were swapped'
    : undefined;
}

/** `YOUR_CLIENT_ID`, `<secret>`, `xxxx`, `changeme`: what examples and templates carry. */
function isPlaceholder(value: string): boolean {
  const plain = value.toLowerCase().replaceAll(/[\s_.-]/g, '');
  return (
    /^<.*>$|^\{.*\}$|^\[.*\]$|^\$\{?\w*\}?$/.test(value.trim()) ||
    /^(your|my|the|insert|enter|replace)?(oauth|google|app)?client(id|secret)(here)?$/.test(plain) ||
    /^(your|insert|enter|replace)/.test(plain) ||
    /^(changeme|todo|tbd|secret|placeholder|example|dummy|none|null|undefined)$/.test(plain) ||
    (plain.length > 2 && new Set(plain).size === 1)
  );
}

/** At most as much as tells one value from another, and nothing that could deceive a terminal. */
function shown(value: string): string {
  const plain = value.replaceAll(/[^\x20-\x7e]/g, '?');
  return plain.length > 60 ? `${plain.slice(0, 57)}...` : plain;
}

/** Kind of an app that says nothing but whether it has a secret: the first that it fits. */
export function kindFor(provider: Provider, hasSecret: boolean): KindRule {
  const unfit = hasSecret ? 'never' : 'always';
  return provider.kinds.find(({ secret }) => secret !== unfit) ?? kindOf(provider, undefined);
}

/** Kind of the app; the provider's first when none was named. */
export function kindOf(provider: Provider, id: string | undefined): KindRule {
  const kind = id === undefined ? provider.kinds[0] : provider.kinds.find((candidate) => candidate.id === id);
  if (kind !== undefined) return kind;
  const ids = provider.kinds.map((candidate) => candidate.id);
  throw new CliError('invalid_value', `${provider.name} knows no kind of app '${id}', only ${ids.join(', ')}`, {
    hint: `oauthctl provider guide ${provider.id}`,
  });
}

/** The way the client authenticates: as asked, else as the provider wants it; without a secret there is none. */
export function clientAuthOf(provider: Provider, asked: ClientAuth | undefined, hasSecret: boolean): ClientAuth {
  if (asked === undefined) return hasSecret ? provider.clientAuth : 'none';
  if ((asked === 'none') === !hasSecret) return asked;
  const words = hasSecret
    ? 'a client secret was given, and --auth none would not send it'
    : `--auth ${asked} sends a client secret, and none was given`;
  throw new CliError('invalid_value', words, { hint: 'leave --auth out' });
}

/** `oauthctl app set` for this very app; its kind where the secret, or the lack of one, does not tell it. */
export function appSetCommand(
  provider: Provider,
  kind: KindRule,
  name: string | undefined,
  hasSecret: boolean,
): string {
  const told = kindFor(provider, hasSecret).id === kind.id;
  return appCommand('set', provider.id, { name, kind: told ? undefined : kind.id });
}

/** Throws when the kind wants a secret that is missing, or must not have the one that is there. */
export function checkSecretRule(provider: Provider, kind: KindRule, hasSecret: boolean, name?: string): void {
  if (kind.secret === 'always' && !hasSecret) {
    const why = kind.secretIsPublic ? `, although every copy of such an app carries it` : '';
    throw new CliError('invalid_value', `${provider.name} wants the client secret of ${anApp(kind)}${why}`, {
      hint: `${appSetCommand(provider, kind, name, true)} --client-secret-stdin`,
    });
  }
  if (kind.secret === 'never' && hasSecret) {
    const other = provider.kinds.find(({ secret }) => secret !== 'never');
    const takes = other === undefined ? '' : `; ${anApp(other)} takes one (--kind ${other.id})`;
    throw new CliError('invalid_value', `${provider.name} refuses ${anApp(kind)} that sends a client secret${takes}`, {
      hint: `${appSetCommand(provider, kind, name, false)} --public`,
    });
  }
}

/** https of the person's own, or http on this machine. Kept byte for byte: providers compare it so. */
export function checkRedirectUri(provider: Provider, kind: KindRule, uri: string): void {
  const problem = uri === provider.printed?.redirect ? undefined : redirectProblem(provider, kind, uri);
  if (problem === undefined) return;
  throw new CliError('invalid_value', `the redirect URI '${shown(uri)}' ${problem}`, {
    hint: `oauthctl provider guide ${provider.id}`,
  });
}

function redirectProblem(provider: Provider, kind: KindRule, uri: string): string | undefined {
  const url = /^[\x21-\x7e]+$/.test(uri) && URL.canParse(uri) ? new URL(uri) : undefined;
  if (url === undefined) return 'is not a URL';
  if (url.username !== '' || url.password !== '') return 'carries a user or password';
  if (uri.includes('#')) return 'has a fragment, which RFC 6749 §3.1.2 forbids';
  if (uri.includes('*')) return 'has a wildcard, and redirect URIs are compared exactly';
  const loopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url.protocol === 'http:' && !loopback) return 'must be https: the code would travel in the clear';
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'must be https, or http on 127.0.0.1';
  if (kind.ownRedirect)
    return url.protocol === 'https:' ? undefined : `must be your own https address for ${anApp(kind)}`;
  const registersNone = provider.redirect.register === 'none';
  if (registersNone && !loopback)
    return `is not on this machine, and ${anApp(kind)} of ${provider.name} returns to this machine only`;
  return loopback ? wordProblem(provider, url.hostname) : undefined;
}

/** As labels are: a letter or digit, then letters, digits and . _ @ + - */
export function checkAppName(name: string): void {
  if (/^[a-z0-9][a-z0-9._@+-]{0,63}$/.test(name)) return;
  throw new CliError(
    'invalid_value',
    `'${shown(name)}' is not a name for an app: a lower-case letter or digit, then up to 63 of letters, digits and . _ @ + -`,
    { hint: 'choose another with --name' },
  );
}
