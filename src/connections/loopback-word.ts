// How a redirect URI spells this machine: providers compare the word.
import type { Provider } from '../model/provider.ts';
import type { Redirect } from '../oauth/flows/request.ts';

/** Why the provider can have no such redirect URI, in words that follow it; undefined when it can. */
export function wordProblem({ name, redirect }: Provider, host: string): string | undefined {
  if (redirect.onlyHosts !== true || knows(redirect.hosts, host)) return undefined;
  return `spells this machine '${host}', and ${name} takes '${redirect.hosts.join("' or '")}' only`;
}

/** What to warn of before the browser opens: a person may have registered another word than the guide names. */
export function unusualWord({ name, redirect: rule }: Provider, redirect: Redirect): string | undefined {
  if (redirect.at !== 'loopback' || rule.register === 'none' || knows(rule.hosts, redirect.host)) return undefined;
  const usual = rule.hosts.join("' or '");
  return `--redirect-uri spells this machine '${redirect.host}', where the guide has '${usual}': ${name} sends the browser back only if this app has it registered so`;
}

const knows = (hosts: readonly string[], host: string) => hosts.includes(host);
