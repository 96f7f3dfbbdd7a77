// The smallest provider that a person could write, and what the parser says of a change to it.
import { CliError } from '../../src/errors.ts';
import { parseProvider } from '../../src/model/parse-provider.ts';

export const acme = {
  id: 'acme',
  issuer: 'https://id.acme.example',
  endpoints: { authorization: 'https://id.acme.example/authorize', token: 'https://id.acme.example/token' },
};

export const withMember = (path: string, value: unknown): unknown => {
  const whole = structuredClone(acme) as Record<string, unknown>;
  const keys = path.split('/').slice(1);
  const last = keys.pop() ?? '';
  const parent = keys.reduce<Record<string, unknown>>((node, key) => {
    node[key] ??= {};
    return node[key] as Record<string, unknown>;
  }, whole);
  parent[last] = value;
  return whole;
};

export const refusal = (json: unknown): string => {
  try {
    parseProvider(json);
  } catch (error) {
    if (error instanceof CliError && error.code === 'invalid_value') return error.message;
    throw error;
  }
  return 'accepted';
};
