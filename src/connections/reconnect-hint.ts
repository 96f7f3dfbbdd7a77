// The command that makes a grant anew as it was made: with its app, its tenant, its scopes, its device flow.
import { CliError } from '../errors.ts';
import type { Connection } from '../model/connection.ts';
import { defaultAppName } from '../model/names.ts';
import type { Provider } from '../model/provider.ts';
import type { ConnectRequest } from './connect-plan.ts';

/** `provider`, where it is at hand, tells which tenant and which scopes go without saying. */
export function reconnectCommand(
  { name, app, tenant, flow, scopes }: Pick<Connection, 'name' | 'app' | 'tenant' | 'flow' | 'scopes'>,
  provider?: Pick<Provider, 'tenant' | 'scopes'>,
): string {
  const options = [
    app === defaultAppName ? '' : ` --app ${app}`,
    tenant === null || tenant === provider?.tenant?.default ? '' : ` --tenant ${tenant}`,
    flow === 'device' ? ' --device' : '',
    ...(provider === undefined ? [] : scopeOptions(scopes.asked, provider.scopes)),
  ];
  return `oauthctl connect ${name}${options.join('')}`;
}

/** What was asked for beside the default, or in its place. */
function scopeOptions(asked: readonly string[], rules: Provider['scopes']): readonly string[] {
  const usual = [...rules.default, ...(rules.always ?? [])];
  const all = usual.every((scope) => asked.includes(scope));
  const named = asked.filter((scope) => !(all ? usual : (rules.always ?? [])).includes(scope));
  return named.map((scope) => ` --scope ${all ? '+' : ''}${scope}`);
}

/** To connect again is to connect this grant: with its label, its app, its tenant, which a flow does not know. */
export function withChoices(error: CliError, { target, as, app, tenant }: ConnectRequest): CliError {
  const [provider = target, label] = target.split(':');
  const plain = `oauthctl connect ${provider}`;
  const { hint, retryAfterSeconds, cause } = error;
  const rest = hint?.startsWith(plain) ? hint.slice(plain.length) : undefined;
  if (rest === undefined || !/^(?:$|[ ,])/.test(rest)) return error;
  const own = as ?? label;
  const choices = [
    own === undefined || rest.includes(' --as ') ? '' : `:${own}`,
    app === undefined || rest.includes(' --app ') ? '' : ` --app ${app}`,
    tenant === undefined || rest.includes(' --tenant ') ? '' : ` --tenant ${tenant}`,
  ];
  const options = { hint: `${plain}${choices.join('')}${rest}`, retryAfterSeconds, cause };
  return new CliError(error.code, error.message, options);
}
