// NO_PROXY: which hosts are asked without the proxy, in the forms that curl and Go take.
import { BlockList, isIP } from 'node:net';
import { CliError } from '../errors.ts';

/** A host without brackets or trailing dot, in lower case, and its port. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

type Rule = (target: Target) => boolean;

export function targetOf({ hostname, port }: URL): Target {
  return { host: bareHost(hostname), port: Number(port || 443) };
}

/** `variable` is named where a network in it cannot be one. */
export function parseNoProxy(text: string, variable: string): Rule {
  const entries = text.toLowerCase().split(/[\s,]+/);
  const rules = entries.filter((entry) => entry !== '').map((entry) => parseEntry(entry, variable));
  return (target) => rules.some((rule) => rule(target));
}

function parseEntry(entry: string, variable: string): Rule {
  if (entry === '*') return () => true;
  if (entry.includes('/')) return inNetwork(entry, variable);
  if (isIP(entry) === 6) return isAddress(entry);
  const [, name = entry, port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  const host = bareHost(name);
  const rule = isIP(host) === 0 ? isWithin(host) : isAddress(host);
  return port === undefined ? rule : (target) => target.port === Number(port) && rule(target);
}

/** `host`, `.host` and `*.host` all stand for the host and what lies below it. */
function isWithin(entry: string): Rule {
  const suffix = entry.replace(/^\*?\./, '');
  return ({ host }) => host === suffix || host.endsWith(`.${suffix}`);
}

function isAddress(address: string): Rule {
  return inList(address, (list, family) => list.addAddress(address, family));
}

function inNetwork(entry: string, variable: string): Rule {
  const [, address = '', length = ''] = /^\[?([^\]/]*)\]?\/(\d+)$/.exec(entry) ?? [];
  const longest = isIP(address) === 6 ? 128 : 32;
  if (isIP(address) === 0 || Number(length) > longest) {
    throw new CliError('settings_invalid', `${variable} names '${entry}', which is not a network`, {
      hint: `set ${variable} anew: a network is spelled 10.0.0.0/8`,
      cause: { sent: false },
    });
  }
  return inList(address, (list, family) => list.addSubnet(address, Number(length), family));
}

function inList(address: string, add: (list: BlockList, family: 'ipv4' | 'ipv6') => void): Rule {
  const familyOf = (text: string) => (isIP(text) === 6 ? 'ipv6' : 'ipv4');
  const list = new BlockList();
  add(list, familyOf(address));
  return ({ host }) => isIP(host) !== 0 && list.check(host, familyOf(host));
}

function bareHost(name: string): string {
  return name
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();
}
