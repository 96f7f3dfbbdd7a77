// Which other connections end with one: providers that revoke every grant of a person in one project at once.
import type { Connection } from '../model/connection.ts';
import type { Provider } from '../model/provider.ts';
import { allConnections } from './find.ts';
import { providerOf } from './peer.ts';
import { sameAccount } from './same-account.ts';
import type { Workspace } from './workspace.ts';

/** Names of the stored connections that a revocation of this one ends too. */
export async function alsoEnding(workspace: Workspace, connection: Connection): Promise<readonly string[]> {
  const provider = await providerOf(workspace, connection);
  const { group } = provider.revocation;
  if (group === null || (group.withoutRefresh && connection.refreshToken.present)) return [];
  const { readable } = await allConnections(workspace);
  const names: string[] = [];
  for (const { connection: other } of readable) {
    if (other.name === connection.name || !sameAccount(other.account.id, connection.account.id)) continue;
    const theirs = await providerOf(workspace, other).catch(() => undefined);
    if (theirs !== undefined && sameGroup(provider, connection, theirs, other)) names.push(other.name);
  }
  return names;
}

function sameGroup(a: Provider, first: Connection, b: Provider, second: Connection): boolean {
  const group = a.revocation.group;
  if (group === null || b.revocation.group?.id !== group.id) return false;
  return memberOf(first.clientId, group) === memberOf(second.clientId, group);
}

/** The part of a client id that names its group: up to a separator, or all of it. */
function memberOf(clientId: string, group: { readonly clientIdUntil?: string }): string {
  return group.clientIdUntil === undefined ? clientId : (clientId.split(group.clientIdUntil)[0] ?? clientId);
}

/** Said before a revocation: what else dies, connection by connection. */
export async function consequences(workspace: Workspace, names: readonly string[]): Promise<readonly string[]> {
  const { readable } = await allConnections(workspace);
  const lines: string[] = [];
  for (const { connection } of readable.filter((found) => names.includes(found.connection.name))) {
    const others = (await alsoEnding(workspace, connection)).filter((name) => !names.includes(name));
    const provider = await providerOf(workspace, connection);
    if (others.length === 0 || provider.revocation.group === null) continue;
    lines.push(`revoking '${connection.name}' also ends ${others.join(', ')}: ${provider.revocation.group.says}`);
  }
  return lines;
}
