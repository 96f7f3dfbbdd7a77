// Who receives what a refresh gave, so that it outlives this machine: what was asked for, and where somebody must.
import { CliError } from '../errors.ts';
import { commandWords } from './command-words.ts';
import type { Env, Files } from './ports.ts';
import type { Settings } from './settings.ts';

export type WriteBack =
  /** Nobody need: the data folder lasts, or its grants are worth nothing. */
  | { readonly kind: 'not_needed' }
  /** A job of continuous integration, and nobody was named: what is saved here goes with the machine. */
  | { readonly kind: 'missing' }
  /** `isFolder`: written as one; a folder that exists is one too. `text`: as it was written, for people. */
  | { readonly kind: 'path'; readonly path: string; readonly isFolder: boolean; readonly text: string }
  | { readonly kind: 'command'; readonly argv: readonly [string, ...string[]]; readonly text: string };

export type Receiving = Extract<WriteBack, { readonly kind: 'path' | 'command' }>;

export interface WriteBackWishes {
  /** `--write-back` */
  readonly flag: string | undefined;
  readonly env: Pick<Env, 'get'>;
  readonly settings: Settings;
  /** Its grants are worth nothing, and must not take the place of real ones: only the flag counts (`none` rehearses CI). */
  readonly sandbox: boolean;
}

export function chooseWriteBack(wishes: WriteBackWishes, files: Pick<Files, 'resolve'>): WriteBack {
  const { flag, env, settings, sandbox } = wishes;
  if (flag !== undefined) return atLast(parseWriteBack(flag, '--write-back', files), wishes);
  if (sandbox) return { kind: 'not_needed' };
  const variable = env.get('OAUTHCTL_WRITE_BACK');
  if (variable !== undefined) return atLast(parseWriteBack(variable, 'OAUTHCTL_WRITE_BACK', files), wishes);
  const { write_back: setting } = settings;
  return atLast(
    setting === undefined ? 'none' : anywhere(parseWriteBack(setting, 'the setting write_back', files)),
    wishes,
  );
}

/** A setting holds in every working folder, so none of them may decide which program runs, or where a file goes. */
function anywhere(asked: Receiving | 'none' | 'keep'): Receiving | 'none' | 'keep' {
  if (typeof asked !== 'object') return asked;
  const named = asked.kind === 'path' ? asked.text : asked.argv[0];
  const isAbsolute = /^(?:[\\/]|[A-Za-z]:[\\/])/.test(named);
  if (isAbsolute || (asked.kind === 'command' && !/[\\/]/.test(named))) return asked;
  throw new CliError('settings_invalid', `the setting write_back: '${named}' depends on the working folder`, {
    hint: 'name it from the root on',
  });
}

function atLast(asked: Receiving | 'none' | 'keep', { env }: WriteBackWishes): WriteBack {
  if (typeof asked === 'object') return asked;
  return { kind: asked === 'none' && isJob(env) ? 'missing' : 'not_needed' };
}

/** `from` names where the text was found. */
export function parseWriteBack(text: string, from: string, files: Pick<Files, 'resolve'>): Receiving | 'none' | 'keep' {
  if (text === 'none' || text === 'keep') return text;
  const refuse = (why: string): never => {
    throw new CliError('invalid_value', `${from}: ${why}`, { hint: 'oauthctl --help' });
  };
  if (text.trim() === '') return refuse('it is empty; it takes a file, a folder, command:CMD, keep or none');
  if (!text.startsWith('command:')) {
    return { kind: 'path', path: files.resolve(text), isFolder: /[\\/]$/.test(text), text };
  }
  const argv = commandWords(text.slice('command:'.length));
  return argv === undefined
    ? refuse(`'${text}' names no program, or leaves a quote open`)
    : { kind: 'command', argv, text };
}

/**
 * CI is what GitHub Actions, GitLab, CircleCI, Travis, Bitbucket and most others set
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/variables, https://docs.gitlab.com/ci/variables/predefined_variables/).
 * Azure Pipelines, CodeBuild, TeamCity and Jenkins have names of their own (https://github.com/watson/ci-info/blob/master/vendors.json).
 */
const jobVariables = ['CI', 'TF_BUILD', 'CODEBUILD_BUILD_ID', 'TEAMCITY_VERSION', 'JENKINS_URL'];

/** `CI=false` says no for all of them. */
function isJob(env: Pick<Env, 'get'>): boolean {
  if (/^(false|0|no|off)$/i.test(env.get('CI') ?? '')) return false;
  return jobVariables.some((name) => env.get(name) !== undefined);
}
