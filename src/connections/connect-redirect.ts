// Where the provider sends the browser back to, spelled byte for byte as it is registered.
import { CliError } from '../errors.ts';
import type { FlowName } from '../model/connection.ts';
import { anApp } from '../model/kind-words.ts';
import type { KindRule, Provider } from '../model/provider.ts';
import { registeredPorts } from '../model/redirect-ports.ts';
import type { Redirect } from '../oauth/flows/request.ts';
import type { ConnectRequest } from './connect-plan.ts';
import { wordProblem } from './loopback-word.ts';

export interface Ways {
  readonly provider: Provider;
  readonly kind: KindRule;
  /** The redirect URI that the person or the app names. */
  readonly own: string | null;
  readonly request: Pick<ConnectRequest, 'flow' | 'openBrowser' | 'port'>;
  readonly scopes: readonly string[];
}

/** Throws `app_missing` when the kind needs an address that nobody gave, `invalid_value` for one that cannot be used. */
export function chooseRedirect({ provider, kind, own, request }: Ways, flow: FlowName): Redirect {
  const { redirect: rule, printed } = provider;
  if (own !== null && own === printed?.redirect) return { at: 'printed', uri: own };
  if (own !== null) return ownRedirect(provider, own, request.port);
  if (flow === 'paste' && printed?.redirect === 'omit') return { at: 'printed', uri: null };
  if (kind.ownRedirect) {
    throw new CliError('app_missing', `${anApp(kind)} of ${provider.name} needs your own https redirect URI`, {
      hint: `oauthctl app set ${provider.id} --redirect-uri https://…`,
    });
  }
  const host = rule.hosts[0] ?? '127.0.0.1';
  const ports = request.port === undefined ? portsOf(provider) : [request.port];
  return { at: 'loopback', host, ports, path: rule.path };
}

/** In order of preference. */
export function portsOf({ redirect: { ports } }: Provider): 'any' | readonly number[] {
  return ports === 'registered' ? registeredPorts : ports;
}

function ownRedirect(provider: Provider, own: string, chosenPort: number | undefined): Redirect {
  const url = URL.canParse(own) ? new URL(own) : undefined;
  if (url?.protocol === 'https:') return { at: 'own', uri: own };
  const host = url?.hostname;
  const isLoopback = url?.protocol === 'http:' && (host === '127.0.0.1' || host === 'localhost');
  if (!isLoopback || url.search !== '' || url.hash !== '') {
    const message = `'${own}' is no redirect URI: https, or http on 127.0.0.1 or localhost, without query`;
    throw new CliError('invalid_value', message, { hint: `oauthctl provider guide ${provider.id}` });
  }
  const misspelt = wordProblem(provider, host ?? '');
  if (misspelt !== undefined) {
    throw new CliError('invalid_value', `the redirect URI '${own}' ${misspelt}`, {
      hint: `oauthctl provider guide ${provider.id}`,
    });
  }
  // The path is kept byte for byte: providers compare it so, and URL would add a slash to an empty one.
  const path = own.replace(/^http:\/\/[^/]*/, '');
  const port = chosenPort ?? (url.port === '' ? undefined : Number(url.port));
  return { at: 'loopback', host, ports: port === undefined ? portsOf(provider) : [port], path };
}
