// `oauthctl import`: grants out of an export, or one that another tool left in a plain file.
import { adoptFile } from '../connections/adopting/adopt-file.ts';
import { isBundle } from '../connections/bundle.ts';
import { describeIncoming } from '../connections/moving/describe-incoming.ts';
import { importConnections, renamed } from '../connections/moving/import-connections.ts';
import { openIncoming, readIncoming } from '../connections/moving/read-export.ts';
import { takeBundle } from '../connections/moving/take-bundle.ts';
import { mustAgree } from '../context/must-agree.ts';
import type { Context } from '../context.ts';
import { CliError, combineExits } from '../errors.ts';
import type { CommandDefinition, CommandInput, CommandResult } from '../model/command.ts';
import { flagOf, textOf } from '../model/command-input.ts';
import { type ImportResult, importAnswer } from '../model/moving.ts';
import { typedAgain } from '../model/typed-again.ts';
import { importData, importView, incomingLine } from '../ui/show-import.ts';

export const definition: CommandDefinition = {
  path: ['import'],
  summary: 'take in what export wrote, or what another tool left in a plain file',
  says: 'An export is opened, shown, and stored after a yes; no refresh token is spent. A bundle of --write-back is put back as it is. With --from, the grant of another tool is asked about at its provider, sealed, and its plain file named for deletion.',
  arguments: [{ name: 'FILE', says: 'the export; - for standard input', required: false, completes: 'file' }],
  options: [
    { name: 'identity', says: 'private key that opens it (OAUTHCTL_IDENTITY_FILE)', value: 'FILE', completes: 'file' },
    { name: 'passphrase-file', says: 'read the passphrase from a file', value: 'FILE', completes: 'file' },
    { name: 'as', says: 'label to store it under, when it is one', value: 'LABEL' },
    { name: 'app', says: 'name to store its app under, when it is one', value: 'NAME', completes: 'app' },
    { name: 'dry-run', says: 'show what would be done, and do nothing; not with --from' },
    { name: 'offline', says: 'ask no provider whether the grants work' },
    { name: 'force', says: 'replace a newer grant of the same account' },
    { name: 'yes', short: 'y', says: 'do not ask' },
    {
      name: 'from',
      says: 'adopt from gcloud, gh, rclone, or a plain file',
      value: 'SOURCE',
      offers: ['gcloud', 'gh', 'rclone'],
      completes: 'file',
    },
    { name: 'provider', says: 'with --from: whose grant it is', value: 'PROVIDER', completes: 'provider' },
    { name: 'entry', says: 'with --from: which one, where the file holds several', value: 'NAME' },
    {
      name: 'role',
      says: 'with --from: which token it is, where a grant has several',
      value: 'ROLE',
      completes: 'role',
    },
    { name: 'remove-file', says: 'with --from: delete the plain file once the grant is stored' },
  ],
  examples: [
    'oauthctl import laptop.jwe',
    'oauthctl import ci.jwe --identity ci.key --yes',
    'oauthctl import --from token.json --provider gmail',
    'gh auth token | oauthctl import - --from gh --provider github',
  ],
};

export const answer = importAnswer;

const withFrom = ['provider', 'entry', 'role', 'removeFile'];
const withExport = ['identity', 'passphraseFile', 'dryRun', 'offline'];

/** A bundle is put back as it is, or not at all. */
const withSealed = ['identity', 'passphraseFile', 'as', 'app', 'dryRun', 'offline', 'force'];

function mustBelong(input: CommandInput, others: readonly string[], where: string): void {
  const misplaced = others.find((name) => input.options[name] !== undefined && input.options[name] !== false);
  if (misplaced === undefined) return;
  const option = misplaced.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new CliError('usage', `--${option} goes ${where}`, { hint: 'oauthctl import --help' });
}

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const from = textOf(input, 'from');
  mustBelong(input, from === undefined ? withFrom : withExport, `${from === undefined ? 'with' : 'without'} --from`);
  return from === undefined ? takeExport(context, input) : adopt(context, input, from);
}

async function takeExport(context: Context, input: CommandInput): Promise<CommandResult> {
  const workspace = await context.workspace();
  const named = fileIn(input);
  if (named === undefined)
    throw new CliError('usage', 'an export is a file: which one?', { hint: 'oauthctl import FILE' });
  const text = await readIncoming(workspace, named);
  if (isBundle(text)) {
    mustBelong(input, withSealed, 'with an export, and this is a bundle of --write-back');
    return shown([await takeBundle(workspace, text, named)], { from: null, plainFile: null }, []);
  }
  const [identity, passphraseFile, as, app] = ['identity', 'passphraseFile', 'as', 'app'].map((name) =>
    textOf(input, name),
  );
  const [dryRun, yes] = [flagOf(input, 'dryRun'), flagOf(input, 'yes')];
  const [force, offline] = [flagOf(input, 'force'), flagOf(input, 'offline')];
  const typed = { identity, 'passphrase-file': passphraseFile, as, app, offline, yes };
  const again = typedAgain('oauthctl import', [named], typed);
  const opened = await openIncoming(workspace, text, named, { identity, passphraseFile });
  const payload = renamed(opened, as, app);
  const nowAt = context.system.clock.now();
  const tell = yes || dryRun ? context.say : context.tell;
  for (const one of await describeIncoming(workspace, payload)) tell(incomingLine(one, nowAt));
  if (!dryRun) {
    await mustAgree(context.system.prompter, {
      yes,
      question: `Store ${payload.grants.map(({ connection }) => connection.name).join(', ')} here?`,
      command: again({ force, yes: true }),
    });
  }
  const request = { payload, again, force, offline, dryRun };
  const results = await importConnections(workspace, request);
  return shown(results, { from: payload, plainFile: null }, []);
}

async function adopt(context: Context, input: CommandInput, from: string): Promise<CommandResult> {
  const [provider, entry, as, app, role] = ['provider', 'entry', 'as', 'app', 'role'].map((name) =>
    textOf(input, name),
  );
  const [force, removeFile] = [flagOf(input, 'force'), flagOf(input, 'removeFile')];
  const chosen = { from, file: fileIn(input), provider, entry, as, app, role, force, removeFile };
  const { connection, plainFile } = await adoptFile(await context.workspace(), chosen);
  const checked = connection.provedAt === null ? 'nothing_to_ask' : 'accepted';
  const result: ImportResult = { ...connection, outcome: 'stored', checked, problem: null };
  return shown([result], { from: null, plainFile }, plainFile === null ? [] : [plainFile.says]);
}

const fileIn = (input: CommandInput) => (typeof input.arguments.FILE === 'string' ? input.arguments.FILE : undefined);

function shown(
  results: readonly ImportResult[],
  facts: Parameters<typeof importData>[1],
  after: readonly string[],
): CommandResult {
  const exit = combineExits(results.map(({ problem }) => problem?.exit ?? 0));
  return { data: importData(results, facts), view: importView(results, after), exit };
}
