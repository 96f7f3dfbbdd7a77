// `oauthctl app set`: stores the client id and secret of a registration. Asks for what is missing on a terminal.
import { clientIdProblem, clientSecretProblem, kindFor, kindOf } from '../connections/app-values.ts';
import { setApp } from '../connections/apps.ts';
import { secretFromFile, secretIn } from '../connections/secret-input.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { argumentOf, flagOf, textOf } from '../model/command-input.ts';
import { object, shared } from '../model/json-schema.ts';
import type { ClientAuth, KindRule, Provider } from '../model/provider.ts';
import { providerForApp } from '../model/provider-for-app.ts';
import { Secret } from '../model/secret.ts';
import { appFacts, appJson, connectCommand } from '../ui/show-app.ts';

export const definition: CommandDefinition = {
  path: ['app', 'set'],
  summary: 'store a client id and secret',
  says: 'The secret is asked for, or comes by stdin or from a file; never as a flag, which every user of the machine could read.',
  arguments: [{ name: 'PROVIDER', says: 'where the app is registered', required: true, completes: 'provider' }],
  options: [
    { name: 'name', says: 'name of the app, when there are several', value: 'APP', completes: 'app' },
    { name: 'client-id', says: 'client id', value: 'ID' },
    { name: 'client-secret-stdin', says: 'read the client secret from stdin' },
    { name: 'client-secret-file', says: 'read the client secret from a file', value: 'FILE', completes: 'file' },
    { name: 'public', says: 'there is no client secret' },
    {
      name: 'auth',
      says: 'how the client authenticates',
      value: 'HOW',
      choices: ['basic', 'basic-raw', 'post', 'none'],
    },
    { name: 'redirect-uri', says: 'registered redirect URI, when it is not the usual one', value: 'URI' },
    { name: 'tenant', says: 'directory of the app, where the provider has several', value: 'TENANT' },
    { name: 'kind', says: 'kind of app at the provider', value: 'KIND', completes: 'kind' },
  ],
  examples: ['oauthctl app set gmail', 'oauthctl app set gmail --client-id ID --client-secret-stdin < secret.txt'],
};

export const answer = object({ app: shared('app') });

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const workspace = await context.workspace();
  const { provider: whole } = await workspace.providers.get(argumentOf(input, 'PROVIDER'));
  const kind = wantedKind(whole, input);
  const provider = providerForApp(whole, kind.id, null);
  const sources = ['clientSecretStdin', 'clientSecretFile', 'public'].filter((name) => input.options[name]);
  if (sources.length > 1) {
    throw new CliError('usage', 'the client secret comes from one place', {
      hint: 'one of --client-secret-stdin, --client-secret-file, --public',
    });
  }
  if (!context.system.prompter.interactive) nameWhatIsMissing(provider, kind, input, sources.length > 0);
  // A keychain that is locked or missing is met before anybody types a secret.
  await workspace.keyring.key();
  const clientId = textOf(input, 'clientId') ?? (await askForId(context, provider));
  const clientSecret = await readSecret(context, provider, kind, input);
  const app = await setApp(workspace, {
    provider: provider.id,
    name: textOf(input, 'name'),
    kind: kind.id,
    clientId,
    clientSecret,
    auth: textOf(input, 'auth') as ClientAuth | undefined,
    redirectUri: textOf(input, 'redirectUri'),
    tenant: textOf(input, 'tenant'),
  });
  const facts = appFacts(app, kind, context.system.clock.now());
  return {
    data: { app: appJson(app) },
    view: { kind: 'facts', facts, after: [`sign in with: ${connectCommand(app)}`] },
  };
}

/** A secret that is given tells the kind where none is named. */
function wantedKind(provider: Provider, input: CommandInput): KindRule {
  const named = textOf(input, 'kind');
  const givesSecret = flagOf(input, 'clientSecretStdin') || textOf(input, 'clientSecretFile') !== undefined;
  return named === undefined && givesSecret ? kindFor(provider, true) : kindOf(provider, named);
}

function nameWhatIsMissing(provider: Provider, kind: KindRule, input: CommandInput, hasSecret: boolean): void {
  const missing = textOf(input, 'clientId') === undefined ? ['--client-id ID'] : [];
  if (!hasSecret && kind.secret !== 'never') missing.push('--client-secret-stdin or --client-secret-file FILE');
  if (missing.length === 0) return;
  const orPublic = kind.secret === 'optional' && !hasSecret ? ' (--public when there is no secret)' : '';
  throw new CliError('needs_terminal', `an app of ${provider.name} needs ${missing.join(', and ')}${orPublic}`, {
    hint: `oauthctl app set ${provider.id} --client-id ID --client-secret-stdin < FILE`,
  });
}

async function askForId({ system, say }: Context, provider: Provider): Promise<string> {
  say(
    `The client id and secret of your own registration; oauthctl provider guide ${provider.id} shows how to get them.`,
  );
  const id = await system.prompter.text({
    message: 'Client id',
    validate: (typed) => judged('The client id', clientIdProblem(provider, typed.trim())),
  });
  return id.trim();
}

const judged = (what: string, problem: string | undefined) => (problem === undefined ? true : `${what} ${problem}`);

async function readSecret(
  context: Context,
  provider: Provider,
  kind: KindRule,
  input: CommandInput,
): Promise<Secret | undefined> {
  const { prompter, streams } = context.system;
  const file = textOf(input, 'clientSecretFile');
  const byStdin = flagOf(input, 'clientSecretStdin');
  if (flagOf(input, 'public') || (kind.secret === 'never' && file === undefined && !byStdin)) return undefined;
  if (file !== undefined) return secretFromFile(context.system.files, file, context.warn);
  // At a terminal stdin is the person: asked without echo.
  if (byStdin && !streams.inIsTerminal) return secretIn(await streams.readInput(), 'standard input');
  const optional = kind.secret === 'optional';
  const secret = await prompter.secret({
    message: optional ? 'Client secret (empty when there is none)' : 'Client secret',
    validate: (typed) =>
      optional && typed.trim() === '' ? true : judged('The secret', clientSecretProblem(provider, typed.trim())),
  });
  return secret.reveal().trim() === '' ? undefined : new Secret(secret.reveal().trim());
}
