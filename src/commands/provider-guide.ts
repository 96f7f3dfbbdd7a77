// `oauthctl provider guide`: how to register an app, with the exact redirect URI to paste.
import { registrationGuide } from '../connections/guide.ts';
import type { Context } from '../context.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { argumentOf, textOf } from '../model/command-input.ts';
import { list, object, oneOf, orNull, text, texts } from '../model/json-schema.ts';

export const definition: CommandDefinition = {
  path: ['provider', 'guide'],
  summary: 'registration steps, with the exact redirect URI',
  arguments: [{ name: 'PROVIDER', says: 'the service', required: true, completes: 'provider' }],
  options: [
    {
      name: 'kind',
      value: 'KIND',
      completes: 'kind',
      says: 'kind of app; the first that the provider knows by default',
    },
  ],
  examples: ['oauthctl provider guide gmail', 'oauthctl provider guide gmail --kind tv'],
};

export const answer = object({
  provider: text,
  kind: text,
  redirect: object({ register: oneOf('uri', 'origin', 'none'), uris: texts, says: text }),
  steps: list(object({ text, url: orNull(text) })),
  next: texts,
});

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const { providers } = await context.workspace();
  const { provider, source } = await providers.get(argumentOf(input, 'PROVIDER'));
  const { kind, register, steps, redirectUris, redirectSays, next } = registrationGuide(provider, {
    kind: textOf(input, 'kind'),
    isGuess: source === 'added',
  });
  const redirect = [redirectSays, ...redirectUris.map((uri) => `  ${uri}`)].join('\n');
  const numbered = steps.map(
    ({ text, url }, index) => `${index + 1}. ${text}${url === undefined ? '' : `\n   ${url}`}`,
  );
  const parts = [
    `Register an app at ${provider.name} (${kind.name})`,
    ...numbered,
    redirect,
    `Then: ${next.join(', and ')}`,
  ];
  return {
    data: {
      provider: provider.id,
      kind: kind.id,
      redirect: { register, uris: redirectUris, says: redirectSays },
      steps: steps.map(({ text, url }) => ({ text, url: url ?? null })),
      next,
    },
    view: { kind: 'text', text: `${parts.join('\n\n')}\n` },
  };
}
