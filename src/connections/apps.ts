// The person's registrations at providers: setting, listing, showing and removing them.
import { CliError } from '../errors.ts';
import type { App } from '../model/app.ts';
import type { JsonObject } from '../model/json.ts';
import { anApp } from '../model/kind-words.ts';
import { appRecordName, defaultAppName } from '../model/names.ts';
import type { ClientAuth, Provider } from '../model/provider.ts';
import { providerForApp } from '../model/provider-for-app.ts';
import type { Secret } from '../model/secret.ts';
import { clientIdVariable } from './app-environment.ts';
import { appFromRecord, appRef, appToContent } from './app-record.ts';
import {
  checkAppName,
  checkRedirectUri,
  checkSecretRule,
  clientAuthOf,
  clientIdProblem,
  clientSecretProblem,
  kindFor,
  kindOf,
} from './app-values.ts';
import { settleBasicSpelling } from './client-auth.ts';
import { allConnections } from './find.ts';
import { noteOutcome } from './note-outcome.ts';
import { findApp } from './resolve-app.ts';
import { tenantFor } from './tenants.ts';
import type { Workspace } from './workspace.ts';

export { parseConsoleFile } from './console-file.ts';
export { resolveApp } from './resolve-app.ts';

const lockWaitMs = 10_000;

export interface AppRequest {
  readonly provider: string;
  /** `default` when left out. */
  readonly name?: string | undefined;
  /** The provider's first when left out. */
  readonly kind?: string | undefined;
  readonly clientId: string;
  /** Undefined: a public client. */
  readonly clientSecret: Secret | undefined;
  readonly auth?: ClientAuth | undefined;
  readonly redirectUri?: string | undefined;
  readonly tenant?: string | undefined;
}

/** Stores the app, in place of one of the same name. Throws `invalid_value` for what the provider could not take. */
export async function setApp(workspace: Workspace, request: AppRequest): Promise<App> {
  const { provider } = await workspace.providers.get(request.provider);
  const { clientSecret } = request;
  const kind = request.kind ?? kindFor(provider, clientSecret !== undefined).id;
  const met = providerForApp(provider, kindOf(provider, kind).id, tenantFor(provider, request.tenant));
  const described = describeApp(met, { ...request, kind }, workspace.system.clock.now());
  const app =
    request.auth === undefined ? await settleBasicSpelling(workspace, met, described, clientSecret) : described;
  await warnBeforeSetting(workspace, provider, app);
  const ref = appRef(provider.id, app.name);
  const lock = await workspace.store.lock(ref, { waitMs: lockWaitMs, signal: workspace.system.signals.interrupted });
  try {
    const before = await workspace.store.read(ref);
    await workspace.store.write(ref, appToContent(provider, app, clientSecret), lock, before?.generation ?? 0);
  } finally {
    await lock.release();
  }
  await audit(workspace, 'app.set', provider.id, { app: app.name, kind: app.kind, client_id: app.clientId });
  return app;
}

export function describeApp(provider: Provider, request: AppRequest, nowAt: number): App {
  const name = request.name ?? defaultAppName;
  checkAppName(name);
  const kind = kindOf(provider, request.kind);
  const clientId = request.clientId.trim();
  const secret = request.clientSecret?.reveal();
  refuseIf(provider, 'the client id', clientIdProblem(provider, clientId));
  checkSecretRule(provider, kind, secret !== undefined, name);
  if (secret !== undefined) refuseIf(provider, 'the client secret', clientSecretProblem(provider, secret));
  if (secret === clientId) refuseIf(provider, 'the client secret', 'is the same text as the client id');
  if (request.redirectUri !== undefined) checkRedirectUri(provider, kind, request.redirectUri);
  return {
    provider: provider.id,
    name,
    kind: kind.id,
    clientId,
    clientAuth: clientAuthOf(provider, request.auth, secret !== undefined),
    redirectUri: request.redirectUri ?? null,
    tenant: request.tenant?.toLowerCase() ?? null,
    hasSecret: secret !== undefined,
    source: 'stored',
    createdAt: nowAt,
  };
}

function refuseIf(provider: Provider, what: string, problem: string | undefined): void {
  if (problem === undefined) return;
  throw new CliError('invalid_value', `${what} ${problem}`, { hint: `oauthctl provider guide ${provider.id}` });
}

async function warnBeforeSetting(workspace: Workspace, provider: Provider, app: App): Promise<void> {
  const kind = kindOf(provider, app.kind);
  if (kind.ownRedirect && app.redirectUri === null) {
    workspace.warn(`${anApp(kind)} comes back to your own https address: give --redirect-uri here, or to connect`);
  }
  // A refresh token belongs to the client it was issued to (RFC 6749 §6): these end in `app_changed`.
  const stranded = (await allConnections(workspace)).readable
    .map(({ connection }) => connection)
    .filter((used) => used.provider === app.provider && used.app === app.name && used.clientId !== app.clientId)
    .map(({ name }) => name);
  if (stranded.length > 0) {
    workspace.warn(`made with another client id, and to be connected again with this one: ${stranded.join(', ')}`);
  }
  const { env } = workspace.system;
  if (app.name === defaultAppName && env.get(clientIdVariable(provider.id)) !== undefined) {
    workspace.warn(`${clientIdVariable(provider.id)} is set, and wins over the app that is stored now`);
  }
}

interface UnreadableApp {
  readonly name: string;
  readonly message: string;
  readonly hint: string | undefined;
}

export interface AppList {
  readonly apps: readonly App[];
  readonly unreadable: readonly UnreadableApp[];
}

/** Clear facts only. An app from the environment stands before the stored one that it hides. */
export async function listApps(workspace: Workspace): Promise<AppList> {
  const apps: App[] = [];
  const unreadable: UnreadableApp[] = [];
  const collect = async (name: string, app: () => App | Promise<App>) => {
    try {
      apps.push(await app());
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      unreadable.push({ name, message: error.message, hint: error.hint });
    }
  };
  for (const { provider } of await workspace.providers.list()) {
    if (workspace.system.env.get(clientIdVariable(provider.id)) === undefined) continue;
    await collect(provider.id, async () => (await findApp(workspace, provider, defaultAppName)).app);
  }
  for (const listed of await workspace.store.list('apps')) {
    if (listed.ok) await collect(listed.record.ref.name, () => appFromRecord(listed.record));
    else unreadable.push({ name: listed.ref.name, message: listed.message, hint: listed.hint });
  }
  const order = (app: App) => `${appRecordName(app.provider, app.name)} ${app.source}`;
  return { apps: apps.sort((a, b) => (order(a) < order(b) ? -1 : 1)), unreadable };
}

/** The app that would be used, its secret unopened. Throws `app_missing`. */
export async function showApp(workspace: Workspace, providerId: string, name = defaultAppName): Promise<App> {
  const { provider } = await workspace.providers.get(providerId);
  return (await findApp(workspace, provider, name)).app;
}

/** Refused while a connection uses it: nothing could refresh or revoke that grant any more. */
export async function removeApp(workspace: Workspace, providerId: string, name = defaultAppName): Promise<void> {
  checkAppName(name);
  const { provider } = await workspace.providers.get(providerId);
  const user = await anyUser(workspace, provider.id, name);
  if (user !== undefined) {
    throw new CliError('invalid_value', `the app is in use by '${user}'`, { hint: `oauthctl revoke ${user}` });
  }
  const ref = appRef(provider.id, name);
  const lock = await workspace.store.lock(ref, { waitMs: lockWaitMs, signal: workspace.system.signals.interrupted });
  try {
    if (!(await workspace.store.remove(ref, lock))) {
      throw new CliError('app_missing', `no such app of ${provider.name} is stored`, { hint: 'oauthctl app list' });
    }
  } finally {
    await lock.release();
  }
  await audit(workspace, 'app.removed', provider.id, { app: name });
}

/** A connection that cannot be read may use any app of its provider. */
async function anyUser(workspace: Workspace, provider: string, app: string): Promise<string | undefined> {
  const { readable, unreadable } = await allConnections(workspace);
  const reader = readable.find(({ connection }) => connection.provider === provider && connection.app === app);
  const unknown = unreadable.find(({ name }) => name === provider || name.startsWith(`${provider}:`));
  return reader?.connection.name ?? unknown?.name;
}

async function audit(workspace: Workspace, type: string, provider: string, details: JsonObject): Promise<void> {
  await noteOutcome(workspace, { type, outcome: 'success', provider, details });
}
