// Which addresses may be sent a secret. Every endpoint is checked by itself, wherever it came from.
import { CliError } from '../errors.ts';

const loopbackHosts = new Set(['127.0.0.1', '[::1]', 'localhost']);

export function isLoopback(url: URL): boolean {
  return loopbackHosts.has(url.hostname);
}

/** Every other way to write an address of this machine as well (RFC 6890, RFC 6761 §6.3); none of them may have plain http. */
export function isThisMachine({ hostname }: URL): boolean {
  return /^(127\.|0\.0\.0\.0$|\[::1?\]$|\[::ffff:7f|(.+\.)?localhost\.?$)/.test(hostname);
}

/**
 * https, or http between two loopback addresses (RFC 8252 §8.3 allows plain http there and nowhere else).
 * Throws `bad_response` naming the address; `what` is what it was given as.
 */
export function checkEndpoint(address: string, issuer: string, what = 'endpoint'): URL {
  const refuse = (why: string): never => {
    throw new CliError('bad_response', `${what} '${printable(address)}' is refused: ${why}`, {
      hint: 'oauthctl provider list shows where each provider lives',
    });
  };
  if (!URL.canParse(address)) return refuse('it is not an address');
  const url = new URL(address);
  // RFC 3986 §3.2.1: userinfo in an address is deprecated; in front of a host it is a disguise.
  if (url.username !== '' || url.password !== '') return refuse('it carries a user name or password');
  if (url.protocol === 'https:') return url;
  if (url.protocol !== 'http:') return refuse(`${url.protocol} is neither https nor http`);
  const local = isLoopback(url) && URL.canParse(issuer) && isLoopback(new URL(issuer));
  return local ? url : refuse('plain http is for loopback addresses of a loopback issuer only');
}

function printable(address: string): string {
  return address.replace(/[^\x20-\x7e]/g, '').slice(0, 200);
}
