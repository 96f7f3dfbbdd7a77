// The app and the provider that a stored connection belongs to, checked before anything is sent.
import { CliError } from '../errors.ts';
import type { Connection } from '../model/connection.ts';
import type { Peer } from '../oauth/peer.ts';
import type { OAuthPorts } from '../oauth/ports.ts';
import { resolveApp } from './resolve-app.ts';
import type { Workspace } from './workspace.ts';

/**
 * Throws `issuer_mismatch` when the provider's issuer is no longer the one that the record is bound to, `app_changed`
 * when the app now carries another client id: a refresh token belongs to the client that it was issued to (RFC 6749 §6).
 */
export async function peerOf(workspace: Workspace, connection: Connection): Promise<Peer> {
  const { provider } = await workspace.providers.get(connection.provider);
  if (provider.issuer !== connection.issuer) {
    throw new CliError(
      'issuer_mismatch',
      `'${connection.name}' belongs to ${connection.issuer}, but provider '${provider.id}' is now ${provider.issuer}`,
      { hint: `oauthctl provider show ${provider.id}` },
    );
  }
  const { app, clientSecret } = await resolveApp(workspace, provider.id, connection.app);
  if (app.clientId !== connection.clientId) {
    throw new CliError(
      'app_changed',
      `'${connection.name}' was made with client id ${connection.clientId}, but app '${connection.app}' now has ${app.clientId}`,
      { hint: `put the old client id back with oauthctl app set, or run oauthctl connect ${connection.name}` },
    );
  }
  return { provider, app, clientSecret, resource: connection.resource };
}

export function oauthPorts(workspace: Workspace): OAuthPorts {
  const { fetch, clock, random } = workspace.system;
  return { fetch, clock, random, waitMs: workspace.networkWaitMs, trace: (line) => workspace.trace(line) };
}
