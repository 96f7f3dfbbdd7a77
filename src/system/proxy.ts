// Which proxy an address is asked through, by the variables that curl reads: https://curl.se/docs/manpage.html#ENVIRONMENT
import { CliError } from '../errors.ts';
import type { Env } from '../model/ports.ts';
import { Secret } from '../model/secret.ts';
import { parseNoProxy, targetOf } from './no-proxy.ts';

export interface ProxyServer {
  /** Spoken to over TLS itself. */
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** For people: its address without credentials, and the variable that names it. */
  readonly name: string;
  readonly variable: string;
  /** The value of Proxy-Authorization. */
  readonly authorization: Secret | undefined;
}

export type ProxyChoice = (url: URL) => ProxyServer | undefined;

/**
 * For https alone, so HTTP_PROXY has no say: plain http goes to loopback only, and what is asked there never leaves this machine.
 * Throws `settings_invalid` where a variable cannot be understood, and never shows its value, which may hold a password.
 */
export function readProxies(env: Pick<Env, 'get'>): ProxyChoice {
  const named = firstSet(env, ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY']);
  if (named === undefined) return () => undefined;
  const without = firstSet(env, ['no_proxy', 'NO_PROXY']);
  const proxy = parseProxy(named.value, named.variable);
  const excepted = without === undefined ? () => false : parseNoProxy(without.value, without.variable);
  return (url) => (url.protocol !== 'https:' || isLoopback(url) || excepted(targetOf(url)) ? undefined : proxy);
}

function firstSet(env: Pick<Env, 'get'>, variables: readonly string[]) {
  for (const variable of variables) {
    const value = env.get(variable)?.trim();
    if (value) return { variable, value };
  }
  return undefined;
}

/** Spelled as URL spells it; `::ffff:7f00:1` is 127.0.0.1 again. RFC 6761 §6.3 gives all of `localhost` to loopback. */
function isLoopback({ hostname }: URL): boolean {
  return /^(127(\.\d+){3}|\[::1\]|\[::ffff:7f[\da-f]{2}:[\da-f]+\]|(.+\.)?localhost\.?)$/.test(hostname);
}

function parseProxy(value: string, variable: string): ProxyServer {
  const refuse = (why: string): never => {
    throw new CliError('settings_invalid', `${variable} ${why}`, {
      hint: `set ${variable} to http://HOST:PORT, or unset it`,
      cause: { sent: false },
    });
  };
  const scheme = /^([a-z][a-z\d+.-]*):\/\//i.exec(value)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    return refuse(`names a proxy of kind '${scheme}'; only http and https proxies are known`);
  }
  const text = scheme === undefined ? `http://${value}` : value;
  if (!URL.canParse(text)) return refuse('is not the address of a proxy');
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(text);
  if (pathname !== '/' || search !== '' || hash !== '') return refuse('has more after host and port');
  const secure = protocol === 'https:';
  const number = Number(port || (secure ? 443 : 80));
  return {
    secure,
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: number,
    name: `the proxy ${hostname}:${number} (${variable})`,
    variable,
    authorization: username === '' && password === '' ? undefined : basic(username, password, refuse),
  };
}

/** RFC 7617. The variable spells both parts percent-encoded. */
function basic(username: string, password: string, refuse: (why: string) => never): Secret {
  try {
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return new Secret(`Basic ${Buffer.from(credentials).toString('base64')}`);
  } catch {
    return refuse('has credentials that are not percent-encoded');
  }
}
