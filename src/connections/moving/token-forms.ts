// Access tokens in the forms that CI systems and dotenv files take. Pure: text in, text out.
import { CliError } from '../../errors.ts';
import { toRfc3339 } from '../../model/instants.ts';
import { onlyTokenVariable, tokenVariables } from '../../model/variable-names.ts';

export interface OpenToken {
  readonly name: string;
  readonly accessToken: string;
  readonly expiresAt: number | null;
}

export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly isSecret: boolean;
}

/** One connection is also `OAUTHCTL_TOKEN`, as `exec` has it. Throws `invalid_value` where two names clash. */
export function variablesOf(tokens: readonly OpenToken[]): readonly Variable[] {
  const names = tokenVariables(tokens.map(({ name }) => name));
  const own = tokens.flatMap(({ name, accessToken, expiresAt }) => {
    const variable = names.get(name) ?? name;
    const end = toRfc3339(expiresAt);
    const ends = end === null ? [] : [{ name: `${variable}_EXPIRES_AT`, value: end, isSecret: false }];
    return [{ name: variable, value: accessToken, isSecret: true }, ...ends];
  });
  const [only, ...more] = tokens;
  if (only === undefined || more.length > 0) return own;
  return [{ name: onlyTokenVariable, value: only.accessToken, isSecret: true }, ...own];
}

/** For standard output, before anything else: what follows of these values in the job's log is shown as ***. https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#masking-a-value-in-a-log */
export function githubMasks(variables: readonly Variable[]): string {
  const secrets = new Set(variables.flatMap(({ value, isSecret }) => (isSecret ? [value] : [])));
  return [...secrets].map((value) => `::add-mask::${commandValue(value)}\n`).join('');
}

/** As the runner's own toolkit escapes it: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts */
function commandValue(value: string): string {
  return value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/**
 * For the file behind $GITHUB_ENV or $GITHUB_OUTPUT. `delimiter`: random, since a value that held it would go on to set
 * variables of its own. https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings
 */
export function githubFile(variables: readonly Variable[], delimiter: string): string {
  return variables
    .map(({ name, value }) => {
      if (value.includes(delimiter)) throw unfit(name, 'GitHub Actions');
      return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
    })
    .join('');
}

/** https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv: no quotes, no empty lines, 5 KB at most. */
export function gitlabFile(variables: readonly Variable[]): string {
  const text = variables
    .map(({ name, value }) => {
      if (!/^[\x21-\x7e]+$/.test(value)) throw unfit(name, 'a dotenv report of GitLab');
      return `${name}=${value}\n`;
    })
    .join('');
  if (text.length < 5 * 1024) return text;
  throw new CliError(
    'invalid_value',
    `GitLab takes 5 KB of a dotenv report, and these variables have ${text.length} bytes`,
    {
      hint: 'name fewer connections',
    },
  );
}

/** In single quotes, inside which nothing is read as anything else, by shells and by https://github.com/motdotla/dotenv#rules alike. */
export function dotenvFile(variables: readonly Variable[]): string {
  return variables
    .map(({ name, value }) => {
      if (!/^[\x20-\x26\x28-\x7e]*$/.test(value)) throw unfit(name, 'a dotenv file');
      return `${name}='${value}'\n`;
    })
    .join('');
}

function unfit(name: string, form: string): CliError {
  return new CliError('invalid_value', `the token for ${name} holds a character that ${form} cannot carry`, {
    hint: 'export it with --to stdout',
  });
}
