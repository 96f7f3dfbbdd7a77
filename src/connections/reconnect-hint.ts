// The command that makes a grant anew as it was made: with its app, its tenant, its device flow.
import type { Connection } from '../model/connection.ts';
import { defaultAppName } from '../model/names.ts';
import type { Provider } from '../model/provider.ts';

/** `provider`, where it is at hand, tells which tenant goes without saying. */
export function reconnectCommand(
  { name, app, tenant, flow }: Pick<Connection, 'name' | 'app' | 'tenant' | 'flow'>,
  provider?: Pick<Provider, 'tenant'>,
): string {
  const options = [
    app === defaultAppName ? '' : ` --app ${app}`,
    tenant === null || tenant === provider?.tenant?.default ? '' : ` --tenant ${tenant}`,
    flow === 'device' ? ' --device' : '',
  ];
  return `oauthctl connect ${name}${options.join('')}`;
}
