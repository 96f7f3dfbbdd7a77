// `oauthctl provider guide`: how to register an app, with the exact redirect URI to paste.
import type { Context } from '../context.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { argumentOf } from '../model/command-input.ts';
import { list, object, oneOf, orNull, text, texts } from '../model/json-schema.ts';
import type { GuideStep, Provider } from '../model/provider.ts';
import { redirectUris } from '../ui/show-provider.ts';

export const definition: CommandDefinition = {
  path: ['provider', 'guide'],
  summary: 'registration steps, with the exact redirect URI',
  arguments: [{ name: 'PROVIDER', says: 'the service', required: true, completes: 'provider' }],
  options: [],
  examples: ['oauthctl provider guide gmail'],
};

export const answer = object({
  provider: text,
  redirect: object({ register: oneOf('uri', 'origin', 'none'), uris: texts }),
  steps: list(object({ text, url: orNull(text) })),
});

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const { providers } = await context.workspace();
  const { provider } = await providers.get(argumentOf(input, 'PROVIDER'));
  const { register } = provider.redirect;
  const steps = provider.guide.length > 0 ? provider.guide : plainSteps(provider);
  return {
    data: {
      provider: provider.id,
      redirect: { register, uris: redirectUris(provider) },
      steps: steps.map(({ text, url }) => ({ text, url: url ?? null })),
    },
    view: {
      kind: 'text',
      text: `${[`Register an app at ${provider.name}`, ...numbered(steps), redirectWords(provider)].join('\n\n')}\n`,
    },
  };
}

function numbered(steps: readonly GuideStep[]): readonly string[] {
  return steps.map(({ text, url }, index) => `${index + 1}. ${text}${url === undefined ? '' : `\n   ${url}`}`);
}

/** For a server of which nothing but its metadata is known. */
function plainSteps({ name, id }: Provider): readonly GuideStep[] {
  return [
    { text: `Register a client at ${name}: a native or desktop app, where it asks for a type.` },
    { text: `Store its id and secret: oauthctl app set ${id}` },
    { text: `Sign in: oauthctl connect ${id}` },
  ];
}

function redirectWords(provider: Provider): string {
  const { ports, register } = provider.redirect;
  const uris = redirectUris(provider).join('\n  ');
  if (register === 'none') return `Redirect URI: nothing to register. It will be ${uris} with a free port.`;
  const what = register === 'origin' ? 'Allowed origin' : 'Redirect URI';
  const port =
    ports === 'any'
      ? '\nAny port is used (RFC 8252 §7.3); when the server compares ports, choose one: oauthctl connect --port N'
      : '';
  return `${what} to register, exactly so:\n  ${uris}${port}`;
}
