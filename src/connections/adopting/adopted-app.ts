// The app of an adopted grant: the client that the file names, among those that are stored or as a new one; else the person's own.
import { CliError } from '../../errors.ts';
import type { AppCredentials } from '../../model/app.ts';
import { defaultAppName } from '../../model/names.ts';
import type { Provider } from '../../model/provider.ts';
import { providerForApp } from '../../model/provider-for-app.ts';
import type { Again } from '../../model/typed-again.ts';
import { kindFor } from '../app-values.ts';
import { describeApp, listApps, removeApp, setApp } from '../apps.ts';
import { resolveApp } from '../resolve-app.ts';
import type { Workspace } from '../workspace.ts';
import { type ForeignClient, notAdopted } from './foreign-grant.ts';

export interface AdoptedApp {
  readonly credentials: AppCredentials;
  /** Not stored yet. */
  readonly isNew: boolean;
}

/** Stores nothing. `asked`: the name that the person gave. Throws `app_changed`, `app_missing`, and `invalid_value` for what the provider could not take. */
export async function adoptedApp(
  workspace: Workspace,
  provider: Provider,
  client: ForeignClient,
  asked: string | undefined,
  again: Again,
): Promise<AdoptedApp> {
  if (client.kind === 'hidden') {
    throw notAdopted(
      `the grant was given to ${client.of}'s own client, and only ${client.of} can refresh it`,
      `oauthctl connect ${provider.id}`,
    );
  }
  if (client.kind === 'not_told') {
    return { credentials: await resolveApp(workspace, provider.id, asked ?? defaultAppName), isNew: false };
  }
  const own = client.kind === 'own' ? client.app : undefined;
  const known = (await listApps(workspace)).apps.filter((app) => app.provider === provider.id);
  const same = known.find(({ name, clientId }) => clientId === client.id && (asked === undefined || name === asked));
  if (same !== undefined) return { credentials: await resolveApp(workspace, provider.id, same.name), isNew: false };
  const name = asked ?? own ?? defaultAppName;
  const other = known.find((app) => app.name === name);
  if (other !== undefined) {
    throw new CliError(
      'app_changed',
      `the grant belongs to client id ${client.id}, and the app '${name}' of ${provider.name} has ${other.clientId}: another name stores it beside`,
      { hint: again({ app: 'NAME' }) },
    );
  }
  const clientSecret = client.kind === 'in_file' ? client.secret : undefined;
  const kind = kindFor(provider, clientSecret !== undefined).id;
  const request = { provider: provider.id, name, kind, clientId: client.id, clientSecret };
  const app = describeApp(providerForApp(provider, kind, null), request, workspace.system.clock.now());
  return { credentials: { app, clientSecret }, isNew: true };
}

export async function storeAdopted(workspace: Workspace, { credentials, isNew }: AdoptedApp): Promise<void> {
  if (!isNew) return;
  const { app, clientSecret } = credentials;
  const { provider, name, kind, clientId, clientAuth: auth } = app;
  await setApp(workspace, { provider, name, kind, clientId, clientSecret, auth });
}

/** After a grant that came to nothing. It stays where another one came to use it meanwhile. */
export async function takeOutAdopted(workspace: Workspace, { credentials: { app }, isNew }: AdoptedApp): Promise<void> {
  if (!isNew) return;
  await removeApp(workspace, app.provider, app.name).catch((error: unknown) => {
    if (!(error instanceof CliError)) throw error;
  });
}
