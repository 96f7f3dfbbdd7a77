// How a connection's token is called in the environment of another program.
import { CliError } from '../errors.ts';
import { environmentName, parseConnectionName } from './names.ts';

/** The token of the one connection that was named. */
export const onlyTokenVariable = 'OAUTHCTL_TOKEN';

/** `gmail` → `GMAIL_ACCESS_TOKEN`, `gmail:work.eu` → `GMAIL_WORK_EU_ACCESS_TOKEN`. */
function tokenVariable(connection: string): string {
  const { provider, label } = parseConnectionName(connection);
  const labelled = label === null ? '' : `_${label.replaceAll(/[^a-z0-9]/g, '_').toUpperCase()}`;
  return `${environmentName(provider)}${labelled}_ACCESS_TOKEN`;
}

/** By connection. Throws `invalid_value` where two would have one name: a program would get the token of another account. */
export function tokenVariables(connections: readonly string[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const connection of connections) {
    const variable = tokenVariable(connection);
    const other = owners.get(variable);
    if (other !== undefined && other !== connection) {
      throw new CliError('invalid_value', `'${other}' and '${connection}' would both be ${variable}`, {
        hint: 'name them in two calls',
      });
    }
    owners.set(variable, connection);
  }
  return new Map([...owners].map(([variable, connection]) => [connection, variable]));
}
