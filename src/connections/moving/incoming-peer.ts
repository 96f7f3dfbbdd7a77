// The provider and the app of a grant that comes from a file, held against what is known here before anything is sent or stored.
import { CliError } from '../../errors.ts';
import type { ProviderEntry } from '../../model/provider.ts';
import { providerForApp } from '../../model/provider-for-app.ts';
import type { Again } from '../../model/typed-again.ts';
import type { Peer } from '../../oauth/peer.ts';
import { appFromRecord, appRef } from '../app-record.ts';
import { kindOf } from '../app-values.ts';
import { setApp } from '../apps.ts';
import { tokenOriginsOf } from '../peer.ts';
import { addedToText } from '../provider-book.ts';
import { tenantFor } from '../tenants.ts';
import type { Workspace } from '../workspace.ts';
import type { Movable } from './export-payload.ts';

/** Throws `provider_not_found`, `issuer_mismatch`, `app_changed`. Sends nothing and stores nothing. */
export async function meetPeer(workspace: Workspace, grant: Movable, again: Again): Promise<Peer> {
  const { connection, app, clientSecret } = grant;
  const { provider: whole, source } = await entryFor(workspace, grant);
  // It becomes a part of addresses.
  if (connection.tenant !== null) tenantFor(whole, connection.tenant);
  const provider = providerForApp(whole, kindOf(whole, connection.kind).id, connection.tenant);
  if (provider.issuer !== connection.issuer) {
    throw mismatch(grant, `it belongs to ${connection.issuer}, and '${provider.id}' here is ${provider.issuer}`);
  }
  const others = tokenOriginsOf(provider).filter((origin) => !connection.tokenOrigins.includes(origin));
  if (source === 'added' && others.length > 0) {
    throw mismatch(grant, `its tokens would be sent to ${others.join(', ')}, where they were not sent at the sign-in`);
  }
  await refuseOtherApp(workspace, grant, again);
  return { provider, tenant: connection.tenant, app, clientSecret, resource: connection.resource };
}

/** What is known here goes before what the file brings; the two may not differ. */
async function entryFor(workspace: Workspace, { connection, provider: brought }: Movable): Promise<ProviderEntry> {
  const known = await workspace.providers.get(connection.provider).catch((error: unknown) => {
    if (brought !== undefined && error instanceof CliError && error.code === 'provider_not_found') return undefined;
    throw error;
  });
  if (known === undefined && brought !== undefined) return { provider: brought.provider, source: 'added' };
  if (known === undefined) throw new CliError('provider_not_found', `there is no provider '${connection.provider}'`);
  const same = brought === undefined || sameProvider(known, brought);
  if (same) return known;
  throw new CliError(
    'issuer_mismatch',
    `'${connection.name}' brings a provider '${connection.provider}' that is not the one known here`,
    { hint: `oauthctl provider show ${connection.provider}` },
  );
}

function sameProvider({ provider }: ProviderEntry, brought: NonNullable<Movable['provider']>): boolean {
  const { from } = brought;
  return addedToText({ from, provider }) === addedToText(brought);
}

function mismatch({ connection: { name, provider } }: Movable, why: string): CliError {
  return new CliError('issuer_mismatch', `'${name}' does not fit the provider known here: ${why}`, {
    hint: `oauthctl provider show ${provider}`,
  });
}

async function refuseOtherApp(workspace: Workspace, { app }: Movable, again: Again): Promise<void> {
  const stored = await workspace.store.read(appRef(app.provider, app.name));
  if (stored === undefined) return;
  const { clientId } = appFromRecord(stored);
  if (clientId === app.clientId) return;
  throw new CliError(
    'app_changed',
    `the app '${app.name}' of ${app.provider} has client id ${clientId} here, and ${app.clientId} in the file: another name stores it beside`,
    { hint: again({ app: 'NAME' }) },
  );
}

/** The app as the file has it, unless the same one is stored already. Judged as one that a person sets. */
export async function keepApp(workspace: Workspace, { app, clientSecret }: Movable): Promise<void> {
  const stored = await workspace.store.read(appRef(app.provider, app.name));
  if (stored !== undefined && (appFromRecord(stored).hasSecret || clientSecret === undefined)) return;
  await setApp(workspace, {
    provider: app.provider,
    name: app.name,
    kind: app.kind,
    clientId: app.clientId,
    clientSecret,
    auth: app.clientAuth,
    redirectUri: app.redirectUri ?? undefined,
    tenant: app.tenant ?? undefined,
  });
}
