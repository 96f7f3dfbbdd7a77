// `oauthctl sandbox`: a standing server that behaves like the providers, for programs of any kind.
import type { Context } from '../context.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { numberOf } from '../model/command-input.ts';
import { list, object, text } from '../model/json-schema.ts';
import { serveSandbox } from '../sandbox/serve.ts';

export const definition: CommandDefinition = {
  path: ['sandbox'],
  summary: 'a local server that behaves like the providers, faults included',
  says: 'Runs until it is interrupted. Its grants are those of --sandbox.',
  arguments: [],
  options: [{ name: 'port', says: 'loopback port (any free one)', value: 'N', type: 'integer' }],
  examples: ['oauthctl sandbox', 'oauthctl --sandbox connect gmail'],
};

export const answer = object({
  origin: text,
  control: object({ url: text, token: text }),
  apps: list(object({ provider: text, client_id: text, account: text })),
});

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const { system } = context;
  const sandbox = await context.openSandbox(context.flags.sandboxConsent ?? 'browser');
  const served = await serveSandbox({
    sandbox,
    listen: system.listen,
    random: system.random,
    port: numberOf(input, 'port') ?? 0,
    surface: 'everything',
  });
  const { providers } = await sandbox.seed();
  const apps = Object.entries(providers).map(([provider, app]) => ({
    provider,
    client_id: app.clientId,
    account: app.account.name,
  }));
  const { url, token } = served.control;
  try {
    await context.show({
      data: { origin: served.origin, control: { url, token: token.reveal() }, apps },
      view: {
        kind: 'facts',
        facts: [
          { name: 'address', cell: { text: served.origin } },
          ...apps.map(({ provider, client_id, account }) => ({
            name: provider,
            cell: { text: `client id ${client_id}, account ${account}` },
          })),
          { name: 'secrets, switches', cell: { text: `on the page ${served.origin}/` } },
          { name: 'faults', cell: { text: `POST ${url} with Authorization: Bearer ${token.reveal()}` } },
        ],
        after: [
          `a real address https://HOST/PATH is here ${served.origin}/HOST/PATH`,
          'this program meets the same sandbox without a server: oauthctl --sandbox connect gmail',
          'Ctrl-C ends it',
        ],
      },
    });
    while (!system.signals.interrupted.aborted) await system.clock.sleep(3_600_000, system.signals.interrupted);
  } finally {
    await served.close();
  }
  return { data: {}, view: { kind: 'bare', text: '' }, exit: 130 };
}
