// `oauthctl token`: a working access token on stdout, in the form that the next program wants.
import { apiAuthorizationOf, type WorkingToken, workingToken } from '../connections/access-token.ts';
import { providerOf } from '../connections/peer.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { argumentOf, flagOf, numberOf, textOf } from '../model/command-input.ts';
import { toRfc3339 } from '../model/instants.ts';
import type { JsonObject } from '../model/json.ts';
import { instant, object, orNull, text, texts } from '../model/json-schema.ts';
import type { Provider } from '../model/provider.ts';
import type { Secret } from '../model/secret.ts';
import { harmlessJson } from '../ui/harmless.ts';

export const definition: CommandDefinition = {
  path: ['token'],
  summary: 'print a working access token, refreshing if needed',
  says: 'A fresh token costs no network. The formats are bare: what is printed is what the next program reads.',
  arguments: [{ name: 'CONNECTION', says: 'whose token', required: true, completes: 'connection' }],
  options: [
    {
      name: 'format',
      says: 'how to print it',
      value: 'FORMAT',
      choices: ['raw', 'header', 'json', 'xoauth2', 'netrc'],
    },
    { name: 'min-valid', says: 'refresh what ends sooner (60)', value: 'SECONDS', type: 'duration' },
    { name: 'role', says: 'which token, where a grant has several', value: 'ROLE', completes: 'role' },
    { name: 'id-token', says: 'print the id_token instead' },
  ],
  examples: [
    'curl -H "$(oauthctl token gmail --format header)" https://gmail.googleapis.com/gmail/v1/users/me/profile',
    'oauthctl token gmail --min-valid 10m',
  ],
};

export const answer = object({
  name: text,
  access_token: text,
  token_type: text,
  expires_at: orNull(instant),
  scopes: texts,
  id_token: orNull(text),
});

const minValidSeconds = 60;

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const format = textOf(input, 'format');
  const wantsId = flagOf(input, 'idToken');
  if (wantsId && format !== undefined && format !== 'raw') {
    throw new CliError('usage', `--id-token is printed as it is, not as ${format}`, { hint: 'leave --format out' });
  }
  const workspace = await context.workspace();
  const name = argumentOf(input, 'CONNECTION');
  const token = await workingToken(workspace, name, {
    minValidSeconds: numberOf(input, 'minValid') ?? minValidSeconds,
    role: textOf(input, 'role'),
  });
  const idToken = wantsId ? mustHave(token.idToken, token.connection.name) : undefined;
  // Null unless it was asked for: an answer hands out no more than the caller wants.
  const data = { ...tokenJson(token), id_token: idToken?.reveal() ?? null };
  if (context.flags.json && format === undefined) return { data, view: { kind: 'nothing' } };
  if (idToken !== undefined) return bare(data, idToken.reveal());
  return bare(data, formatted(format ?? 'raw', token, await providerOf(workspace, token.connection)));
}

function bare(data: JsonObject, line: string): CommandResult {
  return { data, view: { kind: 'bare', text: `${line}\n` } };
}

function tokenJson({ connection, accessToken, tokenType, expiresAt, scopes }: WorkingToken): JsonObject {
  return {
    name: connection.name,
    access_token: accessToken.reveal(),
    token_type: tokenType,
    expires_at: toRfc3339(expiresAt),
    scopes,
  };
}

function mustHave(idToken: Secret | null, name: string): Secret {
  if (idToken !== null) return idToken;
  throw new CliError('scope_missing', `the grant of '${name}' carries no id_token`, {
    hint: `oauthctl connect ${name} --scope +openid`,
  });
}

function formatted(format: string, token: WorkingToken, provider: Provider): string {
  const { connection, accessToken } = token;
  switch (format) {
    case 'header':
      return `Authorization: ${apiAuthorizationOf(token, provider)}`;
    case 'json':
      return harmlessJson(JSON.stringify(tokenJson(token)));
    case 'xoauth2':
      return xoauth2(userOf(connection), accessToken);
    case 'netrc':
      return netrc(connection, accessToken, provider.apiOrigins);
    default:
      return accessToken.reveal();
  }
}

function userOf({ name, account }: WorkingToken['connection']): string {
  if (account.name !== null && !/[\s\p{Cc}]/u.test(account.name)) return account.name;
  throw new CliError('invalid_value', `the account of '${name}' has no user name to sign in with`, {
    hint: `oauthctl connect ${name} --scope +email`,
  });
}

/** https://developers.google.com/workspace/gmail/imap/xoauth2-protocol#the_sasl_xoauth2_mechanism */
function xoauth2(user: string, accessToken: Secret): string {
  return Buffer.from(`user=${user}\u0001auth=Bearer ${accessToken.reveal()}\u0001\u0001`).toString('base64');
}

/** One line for each host of the provider's API, as curl and ftp read it (https://everything.curl.dev/usingcurl/netrc). */
function netrc(connection: WorkingToken['connection'], accessToken: Secret, apiOrigins: readonly string[]): string {
  if (apiOrigins.length === 0) {
    throw new CliError('invalid_value', `netrc needs a host, and no API of '${connection.provider}' is known`, {
      hint: `oauthctl token ${connection.name} --format header`,
    });
  }
  const user = userOf(connection);
  return apiOrigins
    .map((origin) => `machine ${new URL(origin).hostname} login ${user} password ${accessToken.reveal()}`)
    .join('\n');
}
