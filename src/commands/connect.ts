// `oauthctl connect`: sign in, and store the grant.
import { type ConnectRequest, connect } from '../connections/connect.ts';
import { connectionJson } from '../connections/facts.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import type { Cell, CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { argumentOf, flagOf, numberOf, textOf, textsOf } from '../model/command-input.ts';
import { number, object, oneOf, shared } from '../model/json-schema.ts';
import type { StoreDescription } from '../model/store.ts';
import { accessCell, accountCell, grantCell, scopesCell } from '../ui/cells.ts';

export const definition: CommandDefinition = {
  path: ['connect'],
  summary: 'sign in and store the grant',
  says: 'Opens the browser on this machine; over SSH or in a container it offers another way by itself. The final address can also be pasted at the terminal while it waits.',
  arguments: [
    {
      name: 'PROVIDER[:LABEL]',
      says: 'where to sign in, and how to name the grant',
      required: true,
      completes: 'provider',
    },
  ],
  options: [
    { name: 'as', says: 'label of the connection', value: 'LABEL' },
    {
      name: 'scope',
      short: 's',
      says: 'ask for this scope; +S adds to the default',
      value: 'S',
      repeatable: true,
      completes: 'scope',
    },
    { name: 'app', says: 'which app, when there are several', value: 'NAME', completes: 'app' },
    { name: 'tenant', says: 'directory to sign in to, where there are several', value: 'TENANT' },
    { name: 'login-hint', says: 'account to propose at the provider', value: 'HINT' },
    { name: 'port', says: 'loopback port', value: 'N', type: 'integer' },
    { name: 'redirect-uri', says: 'registered redirect URI', value: 'URI' },
    { name: 'device', says: 'sign in on another device with a code' },
    { name: 'paste', says: 'paste the final address here' },
    { name: 'no-browser', says: 'print the address, open nothing' },
    { name: 'wait', says: 'how long to wait for you (300)', value: 'SECONDS', type: 'duration' },
    { name: 'param', says: 'extra parameter of the authorization request', value: 'K=V', repeatable: true },
    { name: 'resource', says: 'resource indicator (RFC 8707)', value: 'URI' },
  ],
  examples: [
    'oauthctl connect gmail',
    'oauthctl connect gmail:work --login-hint me@work.example',
    'oauthctl connect gmail --scope +https://www.googleapis.com/auth/gmail.send',
  ],
};

export const answer = object({
  connection: shared('connection'),
  flow: oneOf('loopback', 'device', 'paste', 'fragment'),
  duration_ms: object({ total: number, machine: number, human: number }),
});

const waitSeconds = 300;

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const request = readRequest(input);
  const workspace = await context.workspace();
  const { connection, flow, durationMs } = await connect(workspace, request);
  const stored = await workspace.store.describe();
  const { missing } = connection.scopes;
  if (missing.length > 0) context.warn(`asked for and not granted: ${missing.join(' ')}`);
  return {
    data: { connection: connectionJson(connection, stored.store), flow, duration_ms: { ...durationMs } },
    view: {
      kind: 'facts',
      facts: [
        { name: 'connected', cell: { text: connection.name, shown: `✓ ${connection.name}`, tone: 'good' } },
        { name: 'account', cell: accountCell(connection) },
        { name: 'scopes', cell: scopesCell(connection) },
        { name: 'access token', cell: accessCell(connection, context.system.clock.now()) },
        { name: 'grant', cell: grantCell(connection, context.system.clock.now()) },
        { name: 'stored', cell: storedCell(stored, `the ${context.system.keychain.name}`) },
      ],
    },
  };
}

function readRequest(input: CommandInput): ConnectRequest {
  const [device, paste] = [flagOf(input, 'device'), flagOf(input, 'paste')];
  if (device && paste) throw new CliError('usage', '--device and --paste do not go together', { hint: 'choose one' });
  const port = numberOf(input, 'port');
  if (port !== undefined && (port < 1 || port > 65_535)) {
    throw new CliError('invalid_value', `--port: there is no port ${port}`, { hint: 'one of 1 to 65535' });
  }
  if (numberOf(input, 'wait') === 0) {
    throw new CliError('invalid_value', '--wait: nobody signs in in no time', { hint: 'leave --wait out' });
  }
  return {
    target: argumentOf(input, 'PROVIDER[:LABEL]'),
    as: textOf(input, 'as'),
    scopes: textsOf(input, 'scope'),
    app: textOf(input, 'app'),
    tenant: textOf(input, 'tenant'),
    loginHint: textOf(input, 'loginHint'),
    port,
    redirectUri: textOf(input, 'redirectUri'),
    flow: device ? 'device' : paste ? 'paste' : 'auto',
    openBrowser: !flagOf(input, 'noBrowser'),
    waitSeconds: numberOf(input, 'wait') ?? waitSeconds,
    params: Object.fromEntries(textsOf(input, 'param').map(readParam)),
    resource: textOf(input, 'resource'),
  };
}

function readParam(typed: string): [string, string] {
  const at = typed.indexOf('=');
  if (at > 0) return [typed.slice(0, at), typed.slice(at + 1)];
  throw new CliError('invalid_value', `--param: '${typed}' is not K=V`, { hint: '--param prompt=consent' });
}

function storedCell({ store, folder, key }: StoreDescription, keychain: string): Cell {
  const short: Readonly<Partial<Record<string, string>>> = { keychain, env: 'the environment' };
  const where = key === null ? keychain : (short[key.source] ?? key.where);
  return { text: folder, shown: `sealed in ${store === 'files' ? folder : keychain}, its key in ${where}` };
}
