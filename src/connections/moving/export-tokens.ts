// Export for a CI system: working access tokens, and never a refresh token: one that two programs hold is spent by one of them.
import { CliError } from '../../errors.ts';
import { toRfc3339 } from '../../model/instants.ts';
import type { JsonObject } from '../../model/json.ts';
import type { TokenForm } from '../../model/moving.ts';
import { type WorkingToken, workingToken } from '../access-token.ts';
import { noteOutcome } from '../note-outcome.ts';
import type { Workspace } from '../workspace.ts';
import { dotenvFile, githubFile, githubMasks, gitlabFile, type Variable, variablesOf } from './token-forms.ts';

export interface TokenExport {
  readonly names: readonly string[];
  readonly form: TokenForm;
  readonly minValidSeconds: number;
  /** As typed; undefined: standard output, or where the form has a place of its own. */
  readonly out: string | undefined;
  /** A file may be replaced. Nothing for GitHub's, which are appended to. */
  readonly force: boolean;
  /** To the runner of the job, before the tokens are anywhere that it may show. */
  readonly say: (masks: string) => Promise<void>;
}

export interface TokenExportReport {
  readonly tokens: readonly JsonObject[];
  readonly variables: readonly string[];
  /** For standard output. */
  readonly text: string;
  /** Where the variables were written; null: they are in `text`. */
  readonly file: string | null;
}

/** All or nothing: a job with half of its tokens fails later, and harder to understand. */
export async function exportTokens(workspace: Workspace, request: TokenExport): Promise<TokenExportReport> {
  const { form, names, minValidSeconds } = request;
  const file = fileOf(workspace, request);
  const tokens: WorkingToken[] = [];
  for (const name of names) tokens.push(await workingToken(workspace, name, { minValidSeconds }));
  const open = tokens.map((token) => ({
    name: token.connection.name,
    accessToken: token.accessToken.reveal(),
    expiresAt: token.expiresAt,
  }));
  const variables = variablesOf(open);
  const text = await write(workspace, request, file, variables);
  for (const { connection } of tokens) {
    const { provider, name } = connection;
    await noteOutcome(workspace, {
      type: 'token.exported',
      outcome: 'success',
      provider,
      connection: name,
      details: { form },
    });
  }
  return { tokens: tokens.map(tokenJson), variables: variables.map(({ name }) => name), text, file };
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

/** Before any token is asked for. */
function fileOf({ system: { env, files } }: Workspace, { form, out }: TokenExport): string | null {
  const named = form === 'github-actions' ? (out ?? env.get('GITHUB_ENV')) : out;
  if (form === 'stdout' && out !== undefined) {
    throw new CliError('usage', '--to stdout writes no file', { hint: 'leave --out out' });
  }
  if (form === 'github-actions' && (named === undefined || named === '-')) {
    throw new CliError('usage', 'GITHUB_ENV is not set: this is no step of a GitHub Actions job', {
      hint: 'run it in a job, or name the file with --out "$GITHUB_OUTPUT"',
    });
  }
  return named === undefined || named === '-' ? null : files.resolve(named);
}

async function write(
  workspace: Workspace,
  { form, force, say }: TokenExport,
  file: string | null,
  variables: readonly Variable[],
): Promise<string> {
  const { files, random } = workspace.system;
  switch (form) {
    case 'stdout':
      return '';
    case 'github-actions': {
      const delimiter = `oauthctl-${Buffer.from(random.bytes(16)).toString('hex')}`;
      const lines = githubFile(variables, delimiter);
      await say(githubMasks(variables));
      await files.appendNamed(file ?? '', lines);
      return '';
    }
    case 'gitlab':
      workspace.warn(
        'everybody who may see the pipeline can download a dotenv report: set artifacts:access to none, and let it expire',
      );
      return keep(workspace, gitlabFile(variables), file, force);
    case 'dotenv':
      return keep(workspace, dotenvFile(variables), file, force);
  }
}

async function keep(
  { system: { files } }: Workspace,
  text: string,
  file: string | null,
  force: boolean,
): Promise<string> {
  if (file === null) return text;
  if (force) await files.replaceOwn(file, text);
  else if (!(await files.createOwn(file, text))) {
    throw new CliError('invalid_value', `there is already something at ${file}`, {
      hint: 'name another with --out, or replace it with --force',
    });
  }
  return '';
}
