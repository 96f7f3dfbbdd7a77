// Binding one port on loopback, on both address families where asked. A socket that has the port keeps it: nothing is
// tried, closed and bound again.
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CliError } from '../errors.ts';
import type { ListenOptions } from '../model/ports.ts';

export interface Bound {
  readonly servers: readonly Server[];
  readonly port: number;
}

/** This machine has no such address family: the only reason to leave one out. */
const familyMissing = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'];

/** Rounds for a port that is free on both families; one is nearly always enough. */
const rounds = 20;

/** `makeServer` is called once for every socket. Rejects with `port_unavailable`. */
export async function bindLoopback(options: ListenOptions, makeServer: () => Server): Promise<Bound> {
  const hosts = options.host === 'localhost' ? ['127.0.0.1', '::1'] : [options.host];
  for (let round = 1; ; round++) {
    const outcome = await bindAll(hosts, options.port, makeServer);
    if (outcome.ok) return outcome.bound;
    const mayTryAnother = options.port === 0 && outcome.code === 'EADDRINUSE' && round < rounds;
    if (!mayTryAnother) throw portError(outcome.host, options.port, outcome.code);
  }
}

type Outcome = { readonly ok: true; readonly bound: Bound } | { readonly ok: false; host: string; code: string };

async function bindAll(hosts: readonly string[], wanted: number, makeServer: () => Server): Promise<Outcome> {
  const servers: Server[] = [];
  let missing = { host: '', code: '' };
  let port = wanted;
  for (const host of hosts) {
    const server = makeServer();
    const code = await bind(server, host, port);
    if (code === undefined) {
      servers.push(server);
      port = (server.address() as AddressInfo).port;
    } else if (familyMissing.includes(code)) {
      missing = { host, code };
    } else {
      await Promise.all(servers.map(closeServer));
      return { ok: false, host, code };
    }
  }
  return servers.length > 0 ? { ok: true, bound: { servers, port } } : { ok: false, ...missing };
}

/** The error code, or undefined when the server listens. */
async function bind(server: Server, host: string, port: number): Promise<string | undefined> {
  try {
    server.listen({ host, port, ipv6Only: host === '::1', exclusive: true });
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  }
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function portError(host: string, port: number, code: string): CliError {
  const at = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (code === 'EADDRINUSE')
    return new CliError('port_unavailable', `port ${port} is in use by another program (${at})`, {
      hint: 'end that program, or choose another registered port with --port',
      cause: { code },
    });
  const why = code === 'EACCES' ? 'this account may not use it' : code;
  return new CliError('port_unavailable', `cannot listen on ${at}: ${why}`, { cause: { code } });
}
