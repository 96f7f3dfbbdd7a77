// Whether a grant can be one of the provider that was named, as far as its file tells where it came from.
import { CliError } from '../../errors.ts';
import type { Provider } from '../../model/provider.ts';

/** A slip with --provider would show one service's token to another. Hosts of one domain are one service: Google has several. */
export function refuseForeignHost(
  { id, name, issuer, issuerAliases = [], endpoints, apiOrigins }: Provider,
  host: string | null,
): void {
  const domain = (hostname: string) => hostname.split('.').slice(-2).join('.');
  const urls = [issuer, ...issuerAliases, ...Object.values(endpoints), ...apiOrigins].filter((url) => url !== null);
  const own = urls.filter((url) => URL.canParse(url)).map((url) => domain(new URL(url).hostname));
  if (host === null || own.includes(domain(host))) return;
  throw new CliError('invalid_value', `the grant is one of ${host}, which ${name} has nothing to do with`, {
    hint: `oauthctl provider show ${id}`,
  });
}
