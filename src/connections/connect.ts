// Connect: sign in at the provider, and store the grant. Whatever can fail without the person is tried before they sign in.
import { CliError } from '../errors.ts';
import type { Connection, FlowName } from '../model/connection.ts';
import { runDevice } from '../oauth/flows/device.ts';
import { runFragment } from '../oauth/flows/fragment.ts';
import { runLoopback } from '../oauth/flows/loopback.ts';
import { runPaste } from '../oauth/flows/paste.ts';
import type { Grant } from '../oauth/grant.ts';
import type { Peer } from '../oauth/peer.ts';
import type { FlowPorts } from '../oauth/ports.ts';
import { adoptGrant } from './adopt-grant.ts';
import { type ConnectPlan, type ConnectRequest, planConnect } from './connect-plan.ts';
import { readConnection } from './find.ts';
import { finishPage } from './finish-page.ts';
import { noteOutcome } from './note-outcome.ts';
import { oauthPorts } from './peer.ts';
import { withChoices } from './reconnect-hint.ts';
import { journaled, warnOfCutSignIns } from './sign-in-journal.ts';
import type { Workspace } from './workspace.ts';
import { proveWriteBack, writeBackGrant } from './write-back.ts';

export type { ConnectRequest } from './connect-plan.ts';

export interface ConnectResult {
  readonly connection: Connection;
  readonly flow: FlowName;
  /** `human`: from the address being shown until the person came back; `machine`: the rest. */
  readonly durationMs: { readonly total: number; readonly machine: number; readonly human: number };
}

export async function connect(workspace: Workspace, request: ConnectRequest): Promise<ConnectResult> {
  try {
    const result = await attempt(workspace, request);
    await writeBackGrant(workspace, result.connection.name);
    return result;
  } catch (error) {
    throw error instanceof CliError ? withChoices(error, request) : error;
  }
}

async function attempt(workspace: Workspace, request: ConnectRequest): Promise<ConnectResult> {
  const startedAt = workspace.system.clock.now();
  const plan = await planConnect(workspace, request);
  await proveStorage(workspace, plan.name);
  await workspace.system.fetch.check?.();
  await warnOfCutSignIns(workspace, plan.name);
  const { provider } = plan;
  const event = { provider: provider.id, connection: plan.name, details: { flow: plan.flow } };
  await workspace.audit.append({ type: 'flow.started', outcome: 'intent', ...event });
  try {
    const { connection, humanMs } = await runFlow(workspace, plan, request);
    const total = workspace.system.clock.now() - startedAt;
    return { connection, flow: plan.flow, durationMs: { total, human: humanMs, machine: total - humanMs } };
  } catch (error) {
    const reason = error instanceof CliError ? error.code : 'internal';
    await noteOutcome(workspace, { type: 'flow.failed', outcome: 'failure', ...event, details: { reason } });
    throw error;
  }
}

/** Key readable, store written and read back, and the record of that name, if any, openable: an unreadable one is never replaced. */
async function proveStorage(workspace: Workspace, name: string): Promise<void> {
  await workspace.keyring.key();
  await workspace.store.probe();
  const existing = await readConnection(workspace, name);
  await existing?.record.open();
  await proveWriteBack(workspace, name, existing !== undefined);
}

async function runFlow(
  workspace: Workspace,
  plan: ConnectPlan,
  request: ConnectRequest,
): Promise<{ readonly connection: Connection; readonly humanMs: number }> {
  const { app, clientSecret } = plan.credentials;
  const { provider, tenant } = plan;
  const peer: Peer = { provider, tenant, app, clientSecret, resource: request.resource ?? null };
  const complete = async (grant: Grant, timing: { readonly humanMs: number }) => {
    const connection = await adoptGrant(workspace, plan, peer, grant);
    const account = connection.account.name ?? connection.account.id;
    const lines = [account === null ? plan.provider.name : `${plan.provider.name}: ${account}`];
    const page = { title: `Connected as '${connection.name}'`, lines };
    return { value: { connection, humanMs: timing.humanMs }, page };
  };
  const ports = flowPorts(workspace, plan);
  const asked = { peer, scopes: plan.scopes, loginHint: request.loginHint, extraParams: request.params };
  const wait = { waitSeconds: request.waitSeconds, openBrowser: plan.openBrowser };
  if (plan.flow === 'device') return runDevice({ ...asked, ...wait }, ports, complete);
  if (plan.redirect.at === 'loopback' && plan.flow !== 'paste') {
    const run = plan.flow === 'fragment' ? runFragment : runLoopback;
    return run({ ...asked, ...wait, redirect: plan.redirect }, ports, complete);
  }
  return runPaste({ ...asked, ...wait, redirect: plan.redirect }, ports, complete);
}

function flowPorts(workspace: Workspace, plan: ConnectPlan): FlowPorts {
  const { listen, userAgent, prompter, signals } = workspace.system;
  return {
    ...oauthPorts(workspace),
    listen,
    userAgent,
    prompter,
    interrupted: signals.interrupted,
    tell: (line: string) => workspace.tell(line),
    say: (line: string) => workspace.say(line),
    guarded: (body) => guard(workspace, plan, body),
  };
}

/** The exchange and the save: journaled, signals held back, and what may be left at the provider is named. */
async function guard<T>(workspace: Workspace, plan: ConnectPlan, body: () => Promise<T>): Promise<T> {
  const { name, provider } = plan;
  const { signals } = workspace.system;
  const onSignal = (signal: string, first: boolean) => {
    if (!first) signals.exitNow(130);
    workspace.tell(`${signal}: ending as soon as ${provider.name} has answered and the answer is saved`);
  };
  try {
    return await journaled(workspace, { name, provider: provider.id }, () => signals.during(onSignal, body));
  } catch (error) {
    if (error instanceof CliError && unanswered.has(error.code)) {
      const where =
        finishPage(provider, { clientId: plan.credentials.app.clientId, accountId: null }) ??
        'its page of connected apps';
      workspace.warn(`${provider.name} may have granted access all the same; end it at ${where}, or sign in again`);
    }
    throw error;
  }
}

/** The provider was asked for tokens, and whether it gave any cannot be told. */
const unanswered: ReadonlySet<string> = new Set(['unreachable', 'timed_out', 'provider_unavailable', 'bad_response']);
