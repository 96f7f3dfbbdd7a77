// An app as commands show it: facts for people, an object for --json. Its secret is never part of either.
import type { App } from '../model/app.ts';
import type { Cell } from '../model/command.ts';
import { toRfc3339 } from '../model/instants.ts';
import type { JsonObject } from '../model/json.ts';
import { defaultAppName } from '../model/names.ts';
import type { KindRule } from '../model/provider.ts';
import { instantCell, textCell } from './cells.ts';

export function appJson(app: App): JsonObject {
  return {
    provider: app.provider,
    name: app.name,
    kind: app.kind,
    client_id: app.clientId,
    client_auth: app.clientAuth,
    redirect_uri: app.redirectUri,
    tenant: app.tenant,
    has_secret: app.hasSecret,
    source: app.source,
    created_at: toRfc3339(app.createdAt),
  };
}

/** What comes next. */
export function connectCommand({ provider, name }: App): string {
  return `oauthctl connect ${provider}${name === defaultAppName ? '' : ` --app ${name}`}`;
}

export function secretCell({ hasSecret, source }: App): Cell {
  if (!hasSecret) return { text: 'none', shown: 'none: a public client', tone: 'dim' };
  return { text: source === 'stored' ? 'sealed' : 'environment' };
}

/** `kind`: as the provider knows it, where it still does. */
export function appFacts(
  app: App,
  kind: KindRule | undefined,
  nowAt: number,
): readonly { readonly name: string; readonly cell: Cell }[] {
  return [
    { name: 'provider', cell: textCell(app.provider) },
    { name: 'app', cell: textCell(app.name) },
    { name: 'kind', cell: textCell(app.kind) },
    { name: 'client id', cell: textCell(app.clientId) },
    { name: 'client secret', cell: secretCell(app) },
    { name: 'authentication', cell: textCell(app.clientAuth) },
    {
      name: 'redirect URI',
      cell: app.redirectUri === null ? { text: '', shown: noRedirect(kind), tone: 'dim' } : textCell(app.redirectUri),
    },
    ...(app.tenant === null ? [] : [{ name: 'tenant', cell: textCell(app.tenant) }]),
    { name: 'set', cell: instantCell(app.createdAt, nowAt) },
  ];
}

/** Where a sign-in comes back to when the app names no address. */
function noRedirect(kind: KindRule | undefined): string {
  if (kind?.ownRedirect) return 'none yet: your own https address';
  return kind?.flows.every((flow) => flow === 'device') ? 'none: a code is typed' : 'on this machine';
}
