// Whether a grant can be one of the provider that was named, as far as its file tells where it came from.
import { CliError } from '../../errors.ts';
import type { Provider } from '../../model/provider.ts';
import type { Again } from '../../model/typed-again.ts';
import type { Workspace } from '../workspace.ts';

/** A slip with --provider would show one service's token to another. `host`: null where nothing tells it. */
export async function refuseForeignHost(
  workspace: Workspace,
  provider: Provider,
  host: string | null,
  again: Again,
): Promise<void> {
  if (host === null || isOwn(provider, host)) return;
  const entries = await workspace.providers.list();
  const [fitting, ...more] = entries.map((entry) => entry.provider).filter((other) => isOwn(other, host));
  const ids = [fitting, ...more].map((other) => other?.id).join(' or ');
  const instead = fitting === undefined ? '' : `; --provider ${ids} fits`;
  const named = { provider: more.length === 0 ? fitting?.id : 'PROVIDER', app: undefined, role: undefined };
  throw new CliError(
    'invalid_value',
    `the grant is one of ${host}, which ${provider.name} has nothing to do with${instead}`,
    { hint: fitting === undefined ? 'oauthctl provider list' : again(named) },
  );
}

/** Hosts of one domain are one service: Google has several. */
function isOwn({ issuer, issuerAliases = [], endpoints, apiOrigins }: Provider, host: string): boolean {
  const domain = (hostname: string) => hostname.split('.').slice(-2).join('.');
  const urls = [issuer, ...issuerAliases, ...Object.values(endpoints), ...apiOrigins].filter((url) => url !== null);
  const own = urls.filter((url) => URL.canParse(url)).map((url) => domain(new URL(url).hostname));
  return own.includes(domain(host));
}
