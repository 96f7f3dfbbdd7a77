// What a command's run() receives, and how it is made. The workspace, and every part of it, is made when first asked for, so
// that a command pays for what it uses.
import type { Workspace } from './connections/workspace.ts';
import { createWorkspace, once } from './context/create-workspace.ts';
import { harmlessPrompter } from './context/harmless-prompter.ts';
import { CliError } from './errors.ts';
import type { CommandDefinition, CommandInput, CommandResult } from './model/command.ts';
import { overlay } from './model/overlay.ts';
import { type Paths, resolvePaths } from './model/paths.ts';
import type { Env, Fetch, Prompter, System } from './model/ports.ts';
import { parseKeySource } from './model/settings.ts';
import type { StoreName } from './model/store.ts';
import { parseWriteBack } from './model/write-back.ts';
import type { Consent, Sandbox } from './sandbox/sandbox.ts';
import type { Speaker } from './ui/speaker.ts';

export interface GlobalFlags {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly noInput: boolean;
  readonly sandbox: boolean;
  readonly sandboxConsent: 'browser' | 'auto' | undefined;
  readonly key: string | undefined;
  readonly store: StoreName | undefined;
  readonly requireProtection: string | undefined;
  readonly configDir: string | undefined;
  readonly dataDir: string | undefined;
  readonly stateDir: string | undefined;
  readonly timeoutSeconds: number | undefined;
  readonly envFile: string | undefined;
  readonly writeBack: string | undefined;
  readonly caFile: string | undefined;
}

/** What holds when no flag was given. */
export function plainFlags(env: Pick<Env, 'get'>): GlobalFlags {
  return {
    json: false,
    quiet: false,
    verbose: false,
    noInput: env.get('OAUTHCTL_NO_INPUT') !== undefined,
    sandbox: false,
    sandboxConsent: undefined,
    key: undefined,
    store: undefined,
    requireProtection: undefined,
    configDir: undefined,
    dataDir: undefined,
    stateDir: undefined,
    timeoutSeconds: undefined,
    envFile: undefined,
    writeBack: undefined,
    caFile: undefined,
  };
}

export interface Context {
  readonly flags: GlobalFlags;
  readonly paths: Paths;
  readonly system: System;
  /** Store, key, providers and trail of this tree. */
  readonly workspace: () => Promise<Workspace>;
  /** A line for people on stderr; silent under --quiet and --json. Foreign text is made harmless. */
  readonly say: (line: string) => void;
  /** What a person must act on (a URL, a code): stderr always, --json and --quiet included. */
  readonly tell: (line: string) => void;
  /** stderr, or `warnings` under --json. */
  readonly warn: (message: string) => void;
  /** One line of work in progress: shown on a terminal only, replaced by the next. */
  readonly progress: (line: string | undefined) => void;
  /** Shows a result in between, for commands that go on. */
  readonly show: (result: CommandResult) => Promise<void>;
  /** The sandbox of the `--sandbox` tree, for a standing server. */
  readonly openSandbox: (consent: Consent) => Promise<Sandbox>;
}

interface CommandModule {
  readonly run: (context: Context, input: CommandInput) => Promise<CommandResult>;
}

/** A command as the program knows it before it is called. Without `load` it is a group of commands. */
export interface CommandEntry {
  readonly definition: CommandDefinition;
  readonly load?: () => Promise<CommandModule>;
}

export interface ContextParts {
  readonly flags: GlobalFlags;
  readonly system: System;
  readonly speaker: Speaker;
  readonly version: string;
  readonly show: (result: CommandResult) => Promise<void>;
}

export interface OpenContext {
  readonly context: Context;
  /** Ends what the context has opened. */
  readonly close: () => Promise<void>;
}

export async function openContext(parts: ContextParts): Promise<OpenContext> {
  const { flags, speaker, show } = parts;
  if (flags.key !== undefined) parseKeySource(flags.key, '--key', parts.system.files);
  if (flags.writeBack !== undefined) parseWriteBack(flags.writeBack, '--write-back', parts.system.files);
  const plain = await withFlags(parts);
  const paths = resolvePaths(flags, plain.env, plain.files);
  const sandboxed = flags.sandbox ? await sandboxedSystem(plain, paths, flags.sandboxConsent ?? 'browser') : undefined;
  const system = sandboxed?.system ?? plain;
  const { say, tell, warn, progress } = speaker;
  const workspace = once(() => createWorkspace(parts, system, paths));
  return {
    context: {
      flags,
      paths,
      system,
      workspace,
      say,
      tell,
      warn,
      progress,
      show,
      async openSandbox(consent) {
        const { enterSandbox } = await import('./under-sandbox.ts');
        return enterSandbox(plain, resolvePaths({ ...flags, sandbox: true }, plain.env, plain.files), consent);
      },
    },
    close: async () => sandboxed?.close(),
  };
}

async function sandboxedSystem(system: System, paths: Paths, consent: Consent) {
  const { underSandbox } = await import('./under-sandbox.ts');
  return underSandbox(system, paths, consent);
}

/** `--no-input`, `--env-file` and `--ca-file` change what the world looks like. */
async function withFlags({ flags, system, speaker }: ContextParts): Promise<System> {
  const prompter = flags.noInput ? silentPrompter : harmlessPrompter(() => system.prompter);
  const ports: { env?: Env; fetch?: Fetch; prompter: Prompter } = { prompter };
  if (flags.envFile !== undefined) {
    const { withEnvFile } = await import('./connections/app-environment.ts');
    ports.env = await withEnvFile(system.env, system.files, flags.envFile, speaker.warn);
    // A proxy that Node has read from that file is none.
    ports.fetch = system.fetchBy({ env: ports.env, caFile: flags.caFile });
  }
  if (flags.caFile !== undefined) {
    ports.fetch ??= system.fetchBy({ env: system.env, caFile: flags.caFile });
    await ports.fetch.check?.();
  }
  return overlay(system, ports);
}

async function refuseToAsk({ message }: { readonly message: string }): Promise<never> {
  throw new CliError('needs_terminal', `"${message}" cannot be asked under --no-input`);
}

const silentPrompter: Prompter = {
  interactive: false,
  text: refuseToAsk,
  secret: refuseToAsk,
  confirm: refuseToAsk,
  select: refuseToAsk,
  pastedLine: () => refuseToAsk({ message: 'The final address' }),
};
