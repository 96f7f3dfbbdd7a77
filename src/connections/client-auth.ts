// How a server wants id and secret spelled in Basic. RFC 6749 §2.3.1 encodes both; some servers compare them as they stand.
import type { App } from '../model/app.ts';
import { onlyRole } from '../model/connection.ts';
import type { Provider } from '../model/provider.ts';
import { Secret } from '../model/secret.ts';
import { rolesOf } from '../model/token-roles.ts';
import { refreshGrant } from '../oauth/refresh.ts';
import type { Workspace } from './workspace.ts';

const waitMs = 5_000;

/**
 * Tries both spellings with a refresh token that cannot exist, and only where they differ: the one after which the server
 * complains of the token, and no longer of the client, is right. Best effort: no answer, or no difference, changes nothing.
 */
export async function settleBasicSpelling(
  workspace: Workspace,
  provider: Provider,
  app: App,
  secret: Secret | undefined,
): Promise<App> {
  if (app.clientAuth !== 'basic' || secret === undefined) return app;
  if ([app.clientId, secret.reveal()].every((part) => encodeURIComponent(part) === part)) return app;
  const { fetch, clock, random } = workspace.system;
  const trace = (line: string) => workspace.trace(line);
  const ports = { fetch, clock, random, trace, waitMs: Math.min(waitMs, workspace.networkWaitMs) };
  const refuses = async (clientAuth: 'basic' | 'basic-raw') => {
    const peer = { provider, tenant: null, app: { ...app, clientAuth }, clientSecret: secret, resource: null };
    const role = rolesOf(provider)[0]?.id ?? onlyRole;
    const refreshToken = new Secret('no-such-token');
    const answer = await refreshGrant(peer, { role, refreshToken, asked: [], accountId: null, flow: null }, ports);
    return answer.kind === 'refused' ? answer.means : undefined;
  };
  const rawIsRight = (await refuses('basic')) === 'app_fault' && (await refuses('basic-raw')) === 'grant_dead';
  return rawIsRight ? { ...app, clientAuth: 'basic-raw' } : app;
}
