// `oauthctl export`: grants for another machine, sealed; or working access tokens in the form that a CI system wants.
import { chosenNames } from '../connections/chosen-names.ts';
import { exportConnections, refuseTaken } from '../connections/moving/export-connections.ts';
import { exportTokens } from '../connections/moving/export-tokens.ts';
import { recipientFor } from '../connections/moving/sealing-inputs.ts';
import { mustAgree } from '../context/must-agree.ts';
import type { Context } from '../context.ts';
import { CliError, combineExits } from '../errors.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { argumentsOf, flagOf, numberOf, textOf } from '../model/command-input.ts';
import { instant, list, object, oneOf, orNull, shared, text, texts } from '../model/json-schema.ts';
import { type TokenForm, tokenForms } from '../model/moving.ts';
import { exportData, exportProblems, exportView, tokensView } from '../ui/show-export.ts';

export const definition: CommandDefinition = {
  path: ['export'],
  summary: 'move connections to another machine, sealed; or hand tokens to CI',
  says: 'The file holds every token, the app and its secret, and opens with the passphrase or the key of its recipient alone. With --to, working access tokens leave instead, in the clear, in the form that is named.',
  arguments: [{ name: 'CONNECTION', says: 'what to export', required: false, variadic: true, completes: 'connection' }],
  options: [
    { name: 'all', says: 'every stored connection' },
    { name: 'out', says: 'the file to write; - for standard output', value: 'FILE', completes: 'file' },
    { name: 'recipient', says: 'public key (a file or a JWK) that it is sealed for', value: 'KEY', completes: 'file' },
    { name: 'passphrase-file', says: 'read the passphrase from a file', value: 'FILE', completes: 'file' },
    { name: 'move', says: 'forget here what the file holds, once it is written' },
    { name: 'to', says: 'access tokens in the form of', value: 'FORM', choices: tokenForms },
    { name: 'min-valid', says: 'with --to: refresh what ends sooner (60)', value: 'SECONDS', type: 'duration' },
    { name: 'force', says: 'replace the file when there is one' },
    { name: 'yes', short: 'y', says: 'do not ask' },
  ],
  examples: [
    'oauthctl export --all --out laptop.jwe',
    'oauthctl export gmail slack:acme --recipient ci.pub --out ci.jwe',
    'oauthctl export gmail --to github-actions',
  ],
};

export const answer = object({
  file: orNull(text),
  sealed_for: orNull(text),
  results: list(
    object({
      name: text,
      account: orNull(object({ id: orNull(text), name: orNull(text) })),
      outcome: oneOf('exported', 'failed'),
      local: oneOf('kept', 'forgotten'),
      problem: orNull(shared('problem')),
    }),
  ),
  tokens: list(
    object({ name: text, access_token: text, token_type: text, expires_at: orNull(instant), scopes: texts }),
  ),
  variables: texts,
});

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const workspace = await context.workspace();
  const form = textOf(input, 'to') as TokenForm | undefined;
  const choice = { named: argumentsOf(input, 'CONNECTION'), all: flagOf(input, 'all') };
  const minValid = numberOf(input, 'minValid');
  if (form === undefined && minValid !== undefined) throw usage('--min-valid goes with --to', 'oauthctl export --help');
  if (form === undefined) return seal(context, input, await chosenNames(workspace, choice));
  const sealing = ['recipient', 'passphraseFile', 'move'].some((name) => input.options[name] !== undefined);
  if (sealing) {
    throw usage(
      '--to hands out access tokens in the clear: nothing is sealed or moved',
      'leave --to out for an export that is sealed',
    );
  }
  if (form === 'github-actions' && context.flags.json) {
    throw usage(
      '--to github-actions speaks to the runner on standard output, where --json would be in its way',
      'leave --json out',
    );
  }
  const report = await exportTokens(workspace, {
    names: await chosenNames(workspace, choice),
    form,
    minValidSeconds: minValid ?? 60,
    out: textOf(input, 'out'),
    force: flagOf(input, 'force'),
    say: (masks) => context.system.streams.out(masks),
  });
  return tokensView(report, form === 'stdout', context.flags.json);
}

const usage = (message: string, hint: string) => new CliError('usage', message, { hint });

async function seal(context: Context, input: CommandInput, names: readonly string[]): Promise<CommandResult> {
  const workspace = await context.workspace();
  const out = textOf(input, 'out');
  const move = flagOf(input, 'move');
  if (out === undefined || (move && out === '-')) {
    const why = move ? '--move forgets only what rests in a file' : 'where the export goes must be said';
    throw usage(why, `oauthctl export ${names.join(' ')} --out FILE`);
  }
  const file = out === '-' ? null : context.system.files.resolve(out);
  const force = flagOf(input, 'force');
  if (file !== null) await refuseTaken(workspace, file, force);
  if (move) {
    await mustAgree(context.system.prompter, {
      yes: flagOf(input, 'yes'),
      question: `Forget ${names.join(', ')} here once ${file} holds them?`,
      command: `oauthctl export ${names.join(' ')} --move${sealingWords(input)} --out ${out} --yes`,
    });
  }
  const recipient = await recipientFor(workspace, {
    recipient: textOf(input, 'recipient'),
    passphraseFile: textOf(input, 'passphraseFile'),
  });
  context.progress(`sealing ${names.length} connections`);
  const { results, sealed } = await exportConnections(workspace, { names, recipient, file, force, move });
  const data = exportData(
    results,
    file,
    sealed === undefined ? null : recipient.kind === 'key' ? recipient.kid : 'passphrase',
  );
  // To standard output goes the sealed text alone.
  if (file === null && sealed !== undefined) for (const line of exportProblems(results)) context.warn(line);
  const exit = combineExits(results.map(({ problem }) => problem?.exit ?? 0));
  return { data, view: exportView(results, file, sealed), exit };
}

/** As they were typed, for a hint. */
function sealingWords(input: CommandInput): string {
  const [recipient, file] = [textOf(input, 'recipient'), textOf(input, 'passphraseFile')];
  if (recipient !== undefined) return ` --recipient ${recipient.trimStart().startsWith('{') ? 'KEY' : recipient}`;
  return file === undefined ? '' : ` --passphrase-file ${file}`;
}
