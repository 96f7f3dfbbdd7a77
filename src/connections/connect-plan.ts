// Everything that can be known before a browser opens: the app, the scopes, the flow, the redirect, and what forbids them.
import { CliError } from '../errors.ts';
import type { AppCredentials } from '../model/app.ts';
import type { FlowName } from '../model/connection.ts';
import { connectionName, defaultAppName, parseConnectionName, parseLabel } from '../model/names.ts';
import type { KindRule, Provider } from '../model/provider.ts';
import { kindOf } from './app-values.ts';
import { resolveApp } from './resolve-app.ts';
import type { Workspace } from './workspace.ts';

export interface ConnectRequest {
  /** `PROVIDER[:LABEL]` as typed. */
  readonly target: string;
  readonly as: string | undefined;
  /** As typed: `S` replaces the default scopes, `+S` adds to them. */
  readonly scopes: readonly string[];
  readonly app: string | undefined;
  readonly loginHint: string | undefined;
  readonly port: number | undefined;
  readonly redirectUri: string | undefined;
  readonly flow: 'auto' | 'device' | 'paste';
  readonly openBrowser: boolean;
  readonly waitSeconds: number;
  readonly params: Readonly<Record<string, string>>;
  readonly resource: string | undefined;
}

/** Where the provider sends the browser back to. */
type Redirect =
  | {
      readonly at: 'loopback';
      readonly host: '127.0.0.1' | 'localhost';
      readonly ports: 'any' | readonly number[];
      readonly path: string;
    }
  | { readonly at: 'own'; readonly uri: string };

export interface ConnectPlan {
  readonly name: string;
  readonly provider: Provider;
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
  const { provider } = await workspace.providers.get(target.provider);
  const credentials = await resolveApp(workspace, provider.id, request.app ?? defaultAppName);
  const kind = kindOf(provider, credentials.app.kind);
  if (kind.secret === 'always' && credentials.clientSecret === undefined) {
    throw new CliError(
      'app_missing',
      `${provider.name} wants a client secret from a ${kind.name} app, and none is stored`,
      {
        hint: `oauthctl app set ${provider.id}`,
      },
    );
  }
  const scopes = chooseScopes(request.scopes, provider.scopes.default);
  const redirect = chooseRedirect(provider, kind, credentials, request);
  const { flow, openBrowser } = await chooseFlow(workspace, provider, kind, redirect, scopes, request);
  refuseConflicts(provider, kind, flow, scopes);
  return { name: connectionName(provider.id, label).text, provider, credentials, scopes, flow, openBrowser, redirect };
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

function chooseScopes(typed: readonly string[], byDefault: readonly string[]): readonly string[] {
  const split = typed.flatMap((text) => text.split(/[\s]+/)).filter((scope) => scope !== '' && scope !== '+');
  const added = split.filter((scope) => scope.startsWith('+')).map((scope) => scope.slice(1));
  const named = split.filter((scope) => !scope.startsWith('+'));
  return [...new Set([...(named.length > 0 ? named : byDefault), ...added])];
}

function chooseRedirect(
  provider: Provider,
  kind: KindRule,
  { app }: AppCredentials,
  request: ConnectRequest,
): Redirect {
  const own = request.redirectUri ?? app.redirectUri;
  const rule = provider.redirect;
  if (own === null || own === undefined) {
    if (kind.ownRedirect) {
      throw new CliError('app_missing', `a ${kind.name} app of ${provider.name} needs your own https redirect URI`, {
        hint: `oauthctl app set ${provider.id} --redirect-uri https://…`,
      });
    }
    const host = rule.hosts[0] ?? '127.0.0.1';
    const ports = request.port === undefined ? rule.ports : [request.port];
    return { at: 'loopback', host, ports, path: rule.path };
  }
  const url = URL.canParse(own) ? new URL(own) : undefined;
  if (url?.protocol === 'https:') return { at: 'own', uri: own };
  const host = url?.hostname;
  if (
    url?.protocol !== 'http:' ||
    (host !== '127.0.0.1' && host !== 'localhost') ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new CliError(
      'invalid_value',
      `'${own}' is no redirect URI: https, or http on 127.0.0.1 or localhost, without query`,
      {
        hint: `oauthctl provider guide ${provider.id}`,
      },
    );
  }
  // The path is kept byte for byte: providers compare it so, and URL would add a slash to an empty one.
  const path = own.replace(/^http:\/\/[^/]*/, '') || '/';
  const port = request.port ?? (url.port === '' ? undefined : Number(url.port));
  return { at: 'loopback', host, ports: port === undefined ? rule.ports : [port], path };
}

async function chooseFlow(
  workspace: Workspace,
  provider: Provider,
  kind: KindRule,
  redirect: Redirect,
  scopes: readonly string[],
  request: ConnectRequest,
): Promise<{ readonly flow: FlowName; readonly openBrowser: boolean }> {
  if (request.flow !== 'auto') return { flow: request.flow, openBrowser: request.openBrowser };
  if (!kind.flows.includes('loopback') && kind.flows.includes('device')) return { flow: 'device', openBrowser: false };
  if (redirect.at === 'own') return { flow: 'paste', openBrowser: request.openBrowser };
  const browser = request.openBrowser
    ? await workspace.system.userAgent.detect()
    : ({ available: false, why: 'asked not to open one' } as const);
  if (browser.available) return { flow: 'loopback', openBrowser: true };
  const flow = withoutBrowser(workspace, provider, kind, scopes);
  workspace.say(`no browser here (${browser.why}): ${howToGoOn[flow]}`);
  return { flow, openBrowser: false };
}

const howToGoOn: Readonly<Record<FlowName, string>> = {
  device: 'sign in on any device with a code',
  paste: 'sign in on any device, then paste the final address here',
  loopback: 'open the address below in a browser on this machine',
};

/** Device where provider, kind and scopes allow it, else paste; where nobody can paste, the listener waits all the same. */
function withoutBrowser(workspace: Workspace, provider: Provider, kind: KindRule, scopes: readonly string[]): FlowName {
  const { device } = provider;
  const allowed = device?.scopes ?? null;
  const deviceFits =
    device !== null &&
    kind.flows.includes('device') &&
    (device.kind === null || device.kind === kind.id) &&
    (allowed === null || scopes.every((scope) => allowed.includes(scope)));
  if (deviceFits) return 'device';
  return workspace.system.prompter.interactive ? 'paste' : 'loopback';
}

function refuseConflicts(provider: Provider, kind: KindRule, flow: FlowName, scopes: readonly string[]): void {
  const broken = provider.constraints.find(
    (rule) =>
      (rule.flow === undefined || rule.flow === flow) &&
      (rule.kind === undefined || rule.kind === kind.id) &&
      (rule.anyScope === undefined || rule.anyScope.some((scope) => scopes.includes(scope))),
  );
  if (broken !== undefined) throw new CliError('grant_unsupported', broken.words, { hint: broken.hint });
  if (!kind.flows.includes(flow)) {
    throw new CliError('grant_unsupported', `a ${kind.name} app of ${provider.name} cannot sign in by ${flow}`, {
      hint: `oauthctl provider guide ${provider.id}`,
    });
  }
}
