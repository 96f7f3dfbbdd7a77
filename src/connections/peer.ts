// The app and the provider that a stored connection belongs to, checked before anything is sent.
import { CliError } from '../errors.ts';
import type { Connection } from '../model/connection.ts';
import type { Provider } from '../model/provider.ts';
import { providerForApp } from '../model/provider-for-app.ts';
import type { Peer } from '../oauth/peer.ts';
import type { OAuthPorts } from '../oauth/ports.ts';
import { reconnectCommand } from './reconnect-hint.ts';
import { resolveApp } from './resolve-app.ts';
import type { Workspace } from './workspace.ts';

/** The provider as the connection's app meets it. */
export async function providerOf(
  { providers }: Pick<Workspace, 'providers'>,
  { provider, kind, tenant }: Pick<Connection, 'provider' | 'kind' | 'tenant'>,
): Promise<Provider> {
  return providerForApp((await providers.get(provider)).provider, kind, tenant);
}

/**
 * Throws `issuer_mismatch` when the provider's issuer is no longer the record's or an added one would send tokens elsewhere, `app_changed`
 * when the app now carries another client id: a refresh token belongs to the client that it was issued to (RFC 6749 §6).
 */
export async function peerOf(workspace: Workspace, connection: Connection): Promise<Peer> {
  const { provider: whole, source } = await workspace.providers.get(connection.provider);
  const provider = providerForApp(whole, connection.kind, connection.tenant);
  if (provider.issuer !== connection.issuer) {
    throw new CliError(
      'issuer_mismatch',
      `'${connection.name}' belongs to ${connection.issuer}, but provider '${provider.id}' is now ${provider.issuer}`,
      { hint: `oauthctl provider show ${provider.id}` },
    );
  }
  const moved =
    source === 'added' ? tokenOriginsOf(provider).filter((origin) => !connection.tokenOrigins.includes(origin)) : [];
  // An added provider's file is bound by no seal, and its issuer stays the same when only an endpoint is changed.
  if (moved.length > 0) {
    throw new CliError(
      'issuer_mismatch',
      `tokens of '${connection.name}' would be sent to ${moved.join(', ')}, where they were not sent at the sign-in; if that is meant, connect it again`,
      { hint: `oauthctl provider show ${provider.id}` },
    );
  }
  const { app, clientSecret } = await resolveApp(workspace, provider.id, connection.app);
  if (app.clientId !== connection.clientId) throw appChanged(connection, app.clientId, provider);
  return { provider, tenant: connection.tenant, app, clientSecret, resource: connection.resource };
}

export function appChanged(connection: Connection, clientId: string, provider?: Provider): CliError {
  return new CliError(
    'app_changed',
    `'${connection.name}' was made with client id ${connection.clientId}, but app '${connection.app}' now has ${clientId}: put the old one back, or connect again`,
    { hint: reconnectCommand(connection, provider) },
  );
}

/** Everything that is sent an access or refresh token. */
export function tokenOriginsOf({ endpoints, probes, apiProbe, revocation }: Provider): readonly string[] {
  const { token, introspection, userinfo } = endpoints;
  const probed = [...probes, ...(apiProbe ? [apiProbe] : [])].map(({ url }) => url);
  const calls = [revocation.call, revocation.check?.call].map((call) => call?.url ?? null);
  const urls = [token, endpoints.revocation, introspection, userinfo, ...probed, ...calls].filter(
    (url) => url !== null,
  );
  return [...new Set(urls.map((url) => new URL(url).origin))].sort();
}

export function oauthPorts(workspace: Workspace): OAuthPorts {
  const { fetch, clock, random } = workspace.system;
  return { fetch, clock, random, waitMs: workspace.networkWaitMs, trace: (line) => workspace.trace(line) };
}
