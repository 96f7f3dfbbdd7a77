// `oauthctl sandbox`: a standing server that behaves like the providers, for programs of any kind.
import type { Context } from '../context.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { argumentsOf, numberOf, textsOf } from '../model/command-input.ts';
import { list, object, text } from '../model/json-schema.ts';
import { hostsOf, mustBeServed } from '../sandbox/families.ts';
import type { Sandbox, SeededApp } from '../sandbox/sandbox.ts';
import { type ServedSandbox, serveSandbox } from '../sandbox/serve.ts';

export const definition: CommandDefinition = {
  path: ['sandbox'],
  summary: 'a local server that behaves like the providers, faults included',
  says: 'Runs until it is interrupted. Its grants and faults are those of --sandbox; what --fault switched ends with it.',
  arguments: [
    { name: 'PROVIDER', says: 'all when none is named', required: false, variadic: true, completes: 'provider' },
  ],
  options: [
    { name: 'port', says: 'loopback port (any free one)', value: 'N', type: 'integer' },
    { name: 'fault', says: 'switch a fault: NAME[=VALUE][@PROVIDER][*TIMES]', value: 'FAULT', repeatable: true },
  ],
  examples: [
    'oauthctl sandbox',
    'oauthctl sandbox slack --fault http-429=30@slack',
    'oauthctl --sandbox connect gmail',
  ],
};

export const answer = object({
  origin: text,
  control: object({ url: text, token: text }),
  apps: list(object({ provider: text, client_id: text, account: text })),
});

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const { system } = context;
  const sandbox = await context.openSandbox(context.flags.sandboxConsent ?? 'browser');
  const named = argumentsOf(input, 'PROVIDER');
  const hosts = hostsOf(named);
  const faults = textsOf(input, 'fault');
  mustBeServed(faults, named);
  const self = await system.liveness.self();
  await sandbox.control(faults, self);
  try {
    return await serve(context, input, sandbox, hosts);
  } finally {
    await sandbox.endWith(async (server) => JSON.stringify(server) === JSON.stringify(self));
  }
}

async function serve(
  context: Context,
  input: CommandInput,
  sandbox: Sandbox,
  hosts: ReadonlySet<string>,
): Promise<CommandResult> {
  const { system } = context;
  const named = argumentsOf(input, 'PROVIDER');
  const served = await serveSandbox({
    sandbox,
    listen: system.listen,
    random: system.random,
    port: numberOf(input, 'port') ?? 0,
    surface: 'everything',
    hosts,
  });
  const { providers } = await sandbox.seed();
  const chosen = Object.entries(providers).filter(([id]) => named.length === 0 || named.includes(id));
  try {
    await context.show(description(served, chosen));
    while (!system.signals.interrupted.aborted) await system.clock.sleep(3_600_000, system.signals.interrupted);
  } finally {
    await served.close();
  }
  return { data: {}, view: { kind: 'bare', text: '' }, exit: 130 };
}

function description(
  { origin, control: { url, token } }: ServedSandbox,
  seeded: readonly (readonly [string, SeededApp])[],
): CommandResult {
  const apps = seeded.map(([provider, { clientId, account }]) => ({
    provider,
    client_id: clientId,
    account: account.name,
  }));
  return {
    data: { origin, control: { url, token: token.reveal() }, apps },
    view: {
      kind: 'facts',
      facts: [
        { name: 'address', cell: { text: origin } },
        ...apps.map(({ provider, client_id, account }) => ({
          name: provider,
          cell: { text: `client id ${client_id}, account ${account}` },
        })),
        { name: 'secrets, switches', cell: { text: `on the page ${origin}/` } },
        { name: 'faults', cell: { text: `POST ${url} with Authorization: Bearer ${token.reveal()}` } },
      ],
      after: [
        `a real address https://HOST/PATH is here ${origin}/HOST/PATH`,
        'this program meets the same sandbox without a server: oauthctl --sandbox connect gmail',
        'Ctrl-C ends it',
      ],
    },
  };
}
