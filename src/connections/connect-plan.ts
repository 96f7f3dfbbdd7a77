// Everything that can be known before a browser opens: the app, the scopes, the flow, the redirect, and what forbids them.
import { CliError } from '../errors.ts';
import type { AppCredentials } from '../model/app.ts';
import type { FlowName } from '../model/connection.ts';
import { anApp } from '../model/kind-words.ts';
import { connectionName, defaultAppName, parseConnectionName, parseLabel } from '../model/names.ts';
import type { KindRule, Provider } from '../model/provider.ts';
import { providerForApp } from '../model/provider-for-app.ts';
import type { Redirect } from '../oauth/flows/request.ts';
import { appSetCommand, kindOf } from './app-values.ts';
import { chooseFlow } from './connect-flow.ts';
import { chooseRedirect } from './connect-redirect.ts';
import { chooseScopes, warnOfConsent } from './connect-scopes.ts';
import { refuseConflicts } from './constraints.ts';
import { unusualWord } from './loopback-word.ts';
import { resolveApp } from './resolve-app.ts';
import { tenantFor } from './tenants.ts';
import type { Workspace } from './workspace.ts';

export interface ConnectRequest {
  /** `PROVIDER[:LABEL]` as typed. */
  readonly target: string;
  readonly as: string | undefined;
  /** As typed: `S` replaces the default scopes, `+S` adds to them. */
  readonly scopes: readonly string[];
  readonly app: string | undefined;
  readonly tenant: string | undefined;
  readonly loginHint: string | undefined;
  readonly port: number | undefined;
  readonly redirectUri: string | undefined;
  readonly flow: 'auto' | 'device' | 'paste';
  readonly openBrowser: boolean;
  readonly waitSeconds: number;
  readonly params: Readonly<Record<string, string>>;
  readonly resource: string | undefined;
}

export interface ConnectPlan {
  readonly name: string;
  /** As the app meets it. */
  readonly provider: Provider;
  readonly tenant: string | null;
  readonly credentials: AppCredentials;
  readonly scopes: readonly string[];
  readonly flow: FlowName;
  readonly openBrowser: boolean;
  readonly redirect: Redirect;
}

/** Throws the CliError that names what is missing or cannot go together. */
export async function planConnect(workspace: Workspace, request: ConnectRequest): Promise<ConnectPlan> {
  const target = parseConnectionName(request.target);
  const label = chooseLabel(target.label, request.as);
  refuseResource(request.resource);
  const { provider: whole } = await workspace.providers.get(target.provider);
  // Before the app: what the service cannot be used for needs no registration.
  tenantFor(whole, request.tenant);
  const { text: name } = connectionName(whole.id, label);
  const app = request.app ?? (await appOfBefore(workspace, name)) ?? defaultAppName;
  const credentials = await resolveApp(workspace, whole.id, app);
  const tenant = tenantFor(whole, request.tenant ?? credentials.app.tenant);
  const kind = kindOf(whole, credentials.app.kind);
  const provider = providerForApp(whole, kind.id, tenant);
  const hasSecret = credentials.clientSecret !== undefined;
  refuseSecretMisfit(provider, kind, credentials.app.name, hasSecret);
  const scopes = chooseScopes(request.scopes, provider.scopes);
  const ways = { provider, kind, own: request.redirectUri ?? credentials.app.redirectUri, request, scopes };
  const { flow, openBrowser } = await chooseFlow(workspace, ways);
  const redirect = chooseRedirect(ways, flow);
  refuseConflicts({ provider, kind, flow, scopes, redirect, hasSecret });
  const unusual = request.redirectUri === undefined ? undefined : unusualWord(provider, redirect);
  if (unusual !== undefined) workspace.warn(unusual);
  warnOfConsent(workspace, provider, tenant, scopes);
  return { name, provider, tenant, credentials, scopes, flow, openBrowser, redirect };
}

/** To connect again is to go with the same app; a record that cannot be read is refused where storage is proved. */
async function appOfBefore(workspace: Workspace, name: string): Promise<string | undefined> {
  const record = await workspace.store.read({ kind: 'connections', name }).catch(() => undefined);
  return typeof record?.facts.app === 'string' ? record.facts.app : undefined;
}

function chooseLabel(inTarget: string | null, as: string | undefined): string | null {
  if (as === undefined) return inTarget;
  const label = parseLabel(as);
  if (inTarget === null || inTarget === label) return label;
  throw new CliError('usage', `the label is either '${inTarget}' or '${label}'`, { hint: 'leave --as out' });
}

/** RFC 8707 section 2: an absolute URI without a fragment. */
function refuseResource(typed: string | undefined): void {
  if (typed === undefined || (URL.canParse(typed) && !typed.includes('#'))) return;
  throw new CliError('invalid_value', `--resource: '${typed}' is not an absolute URI without a fragment`, {
    hint: 'oauthctl connect --help',
  });
}

function refuseSecretMisfit(provider: Provider, kind: KindRule, app: string, hasSecret: boolean): void {
  if (kind.secret === 'always' && !hasSecret) {
    const message = `${provider.name} wants a client secret from ${anApp(kind)}, and none is stored`;
    throw new CliError('app_missing', message, { hint: appSetCommand(provider, kind, app, true) });
  }
  if (kind.secret === 'never' && hasSecret) {
    const message = `${provider.name} refuses ${anApp(kind)} that sends a client secret, and one is there`;
    throw new CliError('app_rejected', message, {
      hint: `${appSetCommand(provider, kind, app, false)} --public`,
    });
  }
}
