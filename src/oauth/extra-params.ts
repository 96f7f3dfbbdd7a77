// More parameters that a person asks for (`--param`): never one that the checks of the answer stand on.
import { CliError } from '../errors.ts';
import type { Provider } from '../model/provider.ts';
import { rolesOf } from '../model/token-roles.ts';

const ours = [
  'client_id',
  'client_secret',
  'response_type',
  'response_mode',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
];

/** Throws `invalid_value`, naming what may be said instead. */
export function checkExtraParams(provider: Provider, params: Readonly<Record<string, string>>): void {
  const { paramNames = {}, paramChoices = {} } = provider;
  const spelled = ours.flatMap((name) => [
    name,
    ...(Object.hasOwn(paramNames, name) ? [paramNames[name] ?? name] : []),
  ]);
  const scopes = rolesOf(provider).map(({ scopeParam }) => scopeParam);
  const taken = new Set([...spelled, ...scopes].map((name) => name.toLowerCase()));
  for (const [name, value] of Object.entries(params)) {
    if (taken.has(name.toLowerCase())) {
      throw new CliError('invalid_value', `--param ${name} is set by oauthctl itself`, { hint: 'leave it out' });
    }
    const choices = Object.hasOwn(paramChoices, name) ? paramChoices[name] : undefined;
    if (choices !== undefined && !choices.includes(value)) {
      const message = `--param ${name}: ${provider.name} knows no '${value}'; it knows ${choices.join(', ')}`;
      throw new CliError('invalid_value', message, { hint: `give --param ${name}=${choices[0]}` });
    }
  }
}
