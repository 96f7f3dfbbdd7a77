// Which app a connection uses: the environment's before the stored one.
import { CliError } from '../errors.ts';
import type { App, AppCredentials } from '../model/app.ts';
import { defaultAppName } from '../model/names.ts';
import type { Provider } from '../model/provider.ts';
import { providerForApp } from '../model/provider-for-app.ts';
import type { Secret } from '../model/secret.ts';
import type { StoredRecord } from '../model/store.ts';
import { appCommand } from './app-command.ts';
import { appFromEnvironment, clientIdVariable } from './app-environment.ts';
import { appFromRecord, appRef, openAppSecret } from './app-record.ts';
import { checkAppName, kindFor } from './app-values.ts';
import type { Workspace } from './workspace.ts';

/** The app with its secret opened. Throws `app_missing`, `issuer_mismatch`, `key_…`. */
export async function resolveApp(workspace: Workspace, providerId: string, name: string): Promise<AppCredentials> {
  const { provider } = await workspace.providers.get(providerId);
  const { app, environmentSecret, record } = await findApp(workspace, provider, name);
  if (record !== undefined) checkIssuer(provider, record, app);
  const sealed = app.hasSecret && environmentSecret === undefined ? record : undefined;
  return { app, clientSecret: sealed === undefined ? environmentSecret : await openAppSecret(sealed) };
}

export interface FoundApp {
  readonly app: App;
  readonly environmentSecret: Secret | undefined;
  /** The stored app of the same client id. */
  readonly record: StoredRecord | undefined;
}

/**
 * Opens nothing. The environment stands for the default app. A client id from there brings its secret along, or is the
 * stored app's own; a secret alone takes the place of the stored one, so that an id never meets the secret of another.
 */
export async function findApp(workspace: Workspace, provider: Provider, name: string): Promise<FoundApp> {
  checkAppName(name);
  const given = name === defaultAppName ? await appFromEnvironment(workspace, provider) : undefined;
  const read = await workspace.store.read(appRef(provider.id, name));
  const stored = read === undefined ? undefined : appFromRecord(read);
  const clientId = given?.clientId ?? stored?.clientId;
  if (clientId === undefined) throw missing(provider, name, given !== undefined);
  const matching = stored?.clientId === clientId ? stored : undefined;
  const hasSecret = given?.clientSecret !== undefined || matching?.hasSecret === true;
  const kind = matching?.kind ?? kindFor(provider, hasSecret).id;
  const usualAuth = providerForApp(provider, kind, null).clientAuth;
  const authWithSecret = matching?.hasSecret === true ? matching.clientAuth : usualAuth;
  const source = given?.clientId === undefined ? 'stored' : 'environment';
  const app: App = {
    provider: provider.id,
    name,
    kind,
    clientId,
    clientAuth: hasSecret ? authWithSecret : 'none',
    redirectUri: matching?.redirectUri ?? null,
    tenant: matching?.tenant ?? null,
    hasSecret,
    source,
    createdAt: source === 'stored' ? (matching?.createdAt ?? null) : null,
  };
  return { app, environmentSecret: given?.clientSecret, record: matching === undefined ? undefined : read };
}

function missing(provider: Provider, name: string, secretOnly: boolean): CliError {
  const { id } = provider;
  if (secretOnly) {
    return new CliError(
      'app_missing',
      `the environment gives a client secret for ${provider.name}, but no client id (${clientIdVariable(id)})`,
      {
        hint: `oauthctl app set ${id}`,
      },
    );
  }
  return new CliError(
    'app_missing',
    `there is no app for ${provider.name}${name === defaultAppName ? '' : ` named '${name}'`}: oauthctl provider guide ${id} shows how to register one`,
    { hint: appCommand('set', id, { name }) },
  );
}

/** A secret is for the issuer that it was stored for: a provider that was redefined since does not get it. */
function checkIssuer(provider: Provider, record: StoredRecord, { name, kind }: App): void {
  if (record.binding.issuer === provider.issuer) return;
  throw new CliError(
    'issuer_mismatch',
    `the app of '${provider.id}' was set for ${record.binding.issuer}, but the provider is now ${provider.issuer}`,
    { hint: appCommand('set', provider.id, { name, kind: provider.kinds[0]?.id === kind ? undefined : kind }) },
  );
}
