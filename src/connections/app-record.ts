// An app as it rests in the store: clear facts (JSON, snake_case) and its sealed secret.
import { CliError } from '../errors.ts';
import type { App } from '../model/app.ts';
import { fromRfc3339, toRfc3339 } from '../model/instants.ts';
import type { JsonObject } from '../model/json.ts';
import { appRecordName } from '../model/names.ts';
import type { ClientAuth, Provider } from '../model/provider.ts';
import { Secret } from '../model/secret.ts';
import type { RecordContent, RecordRef, StoredRecord } from '../model/store.ts';

export function appRef(provider: string, name: string): RecordRef {
  return { kind: 'apps', name: appRecordName(provider, name) };
}

export function appToContent(
  provider: Pick<Provider, 'id' | 'issuer'>,
  app: App,
  secret: Secret | undefined,
): RecordContent {
  return {
    binding: { provider: provider.id, issuer: provider.issuer, clientId: app.clientId },
    facts: {
      provider: app.provider,
      name: app.name,
      kind: app.kind,
      client_auth: app.clientAuth,
      redirect_uri: app.redirectUri,
      tenant: app.tenant,
      has_secret: app.hasSecret,
      created_at: toRfc3339(app.createdAt),
    },
    secrets: { client_secret: secret?.reveal() ?? null },
  };
}

const clientAuths: readonly ClientAuth[] = ['basic', 'basic-raw', 'post', 'none'];

/** Throws `record_unreadable` when the facts are not what `appToContent` writes. */
export function appFromRecord({ facts, binding, ref }: Pick<StoredRecord, 'facts' | 'binding' | 'ref'>): App {
  const { provider, name, kind, redirect_uri: redirectUri, has_secret: hasSecret, created_at: createdAt } = facts;
  const clientAuth = clientAuths.find((auth) => auth === facts.client_auth);
  if (
    typeof provider !== 'string' ||
    typeof name !== 'string' ||
    typeof kind !== 'string' ||
    clientAuth === undefined ||
    !(typeof redirectUri === 'string' || redirectUri === null) ||
    typeof hasSecret !== 'boolean'
  ) {
    throw new CliError('record_unreadable', `the record of the app '${ref.name}' lacks a fact`, {
      hint: `restore the file from a backup; or oauthctl app remove ${ref.name.replace('.', ' --name ')} forgets it`,
    });
  }
  return {
    provider,
    name,
    kind,
    clientId: binding.clientId,
    clientAuth,
    redirectUri,
    tenant: typeof facts.tenant === 'string' ? facts.tenant : null,
    hasSecret,
    source: 'stored',
    createdAt: typeof createdAt === 'string' ? (fromRfc3339(createdAt) ?? null) : null,
  };
}

/** Needs the seal key. */
export async function openAppSecret(record: StoredRecord): Promise<Secret | undefined> {
  return secretInApp(await record.open());
}

export function secretInApp({ client_secret: secret }: JsonObject): Secret | undefined {
  return typeof secret === 'string' ? new Secret(secret) : undefined;
}
