// A sign-in as a case plays it: planned, shown to a browser that answers from the fixture, and finished.
import { appToContent } from '../../src/connections/app-record.ts';
import { kindOf } from '../../src/connections/app-values.ts';
import { type ConnectPlan, planConnect } from '../../src/connections/connect-plan.ts';
import { grantEnd } from '../../src/connections/lifetimes.ts';
import { primaryRoleOf, roleTokens } from '../../src/connections/role-tokens.ts';
import type { Workspace } from '../../src/connections/workspace.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Provider } from '../../src/model/provider.ts';
import { Secret } from '../../src/model/secret.ts';
import { runDevice } from '../../src/oauth/flows/device.ts';
import { runFragment } from '../../src/oauth/flows/fragment.ts';
import { runLoopback } from '../../src/oauth/flows/loopback.ts';
import { runPaste } from '../../src/oauth/flows/paste.ts';
import type { Grant } from '../../src/oauth/grant.ts';
import type { FlowPorts } from '../../src/oauth/ports.ts';
import { missingScopes } from '../../src/oauth/scopes.ts';
import { createWorld, type World } from '../support/world.ts';
import { browseAs, type Seen } from './browser.ts';
import { asText, type Case } from './fixture.ts';
import { appOf, peerOf, secretOf } from './given.ts';
import { endOf, type Happened, tokenFacts } from './happened.ts';
import { type ReplayWire, startText } from './replay-wire.ts';

export async function playFlow(provider: Provider, entry: Case, wire: ReplayWire): Promise<Happened> {
  const world = createWorld({ now: startText, terminal: true });
  wire.now = () => world.now();
  for (const port of entry.given.portsTaken ?? []) world.network.takenPorts.add(port);
  const seen: Seen = { told: [], warned: [], interrupt: new AbortController() };
  const plan = await planned(world, provider, entry, secretForPlan(provider, entry), seen).catch(endOf);
  const withoutSecret = await endWithoutSecret(world, provider, entry);
  if ('ends' in plan) return { ...plan, ...withoutSecret, warned: seen.warned.join('\n') };
  const wanted = entry.given.flow ?? plan.flow;
  if (plan.flow !== wanted) return { failed: `the sign-in goes by ${plan.flow}, not by ${wanted}` };
  const ended = await run(plan, provider, entry, portsOf(world, wire, entry, seen)).then(
    (grant): Happened => ({ granted: grantFacts(plan, grant, wire) }),
    (error: unknown): Happened => endOf(error),
  );
  await world.browsed();
  return {
    ...ended,
    ...withoutSecret,
    words: [asText(ended.words), ...seen.told].join('\n'),
    warned: seen.warned.join('\n'),
    waits: seen.strayStatus === 400,
    waitsSeconds: wire.at.slice(1).map((at, index) => (at - (wire.at[index] ?? 0)) / 1000),
    refusedBefore: 'ends' in ended && wire.at.length === 0 && world.opened.length === 0,
  };
}

/** A plan would stop a case that is about what the provider says to an app without the secret that it must have. */
function secretForPlan(provider: Provider, entry: Case): Secret | undefined {
  const isNeeded = kindOf(provider, entry.given.kind).secret === 'always';
  return secretOf(entry) ?? (isNeeded ? new Secret('held') : undefined);
}

async function endWithoutSecret(world: World, provider: Provider, entry: Case): Promise<Happened> {
  if (!('withoutSecret' in entry.outcome)) return {};
  const seen: Seen = { told: [], warned: [], interrupt: new AbortController() };
  const plan = await planned(world, provider, entry, undefined, seen).catch(endOf);
  return { withoutSecret: 'ends' in plan ? plan.ends : undefined };
}

async function planned(
  world: World,
  provider: Provider,
  entry: Case,
  secret: Secret | undefined,
  seen: Seen,
): Promise<ConnectPlan> {
  const { given } = entry;
  const app = appOf(provider, entry, secret !== undefined);
  const record = { ref: { kind: 'apps', name: provider.id }, generation: 1, ...appToContent(provider, app, secret) };
  const open = async () => ({ client_secret: secret?.reveal() ?? null });
  // What a plan asks of a workspace; anything else would fail loudly.
  const workspace = {
    system: world.system,
    store: { read: async () => ({ ...record, open }) },
    providers: { get: async () => ({ provider, source: 'shipped' }) },
    say: () => {},
    warn: (line: string) => seen.warned.push(line),
  } as unknown as Workspace;
  const { scopes = entry.values.scopes as readonly string[] | undefined, flow } = given;
  return planConnect(workspace, {
    target: provider.id,
    as: undefined,
    scopes: scopes === 'default' ? [] : (scopes ?? []),
    app: undefined,
    tenant: given.tenant,
    loginHint: given.loginHint,
    port: given.port,
    redirectUri: undefined,
    flow: flow === 'device' || flow === 'paste' ? flow : 'auto',
    openBrowser: true,
    waitSeconds: 300,
    params: given.params ?? {},
    resource: undefined,
  });
}

function run(plan: ConnectPlan, whole: Provider, entry: Case, ports: FlowPorts): Promise<Grant> {
  const { provider, tenant, scopes, flow, redirect } = plan;
  const { loginHint, params = {} } = entry.given;
  const peer = { ...peerOf(whole, entry), provider, tenant };
  const asked = { peer, scopes, loginHint, extraParams: params, waitSeconds: 300, openBrowser: true };
  const complete = async (grant: Grant) => ({ value: grant, page: { title: 'Connected', lines: [] } });
  if (flow === 'device') return runDevice(asked, ports, complete);
  if (flow === 'paste' || redirect.at !== 'loopback') return runPaste({ ...asked, redirect }, ports, complete);
  const atLoopback = flow === 'fragment' ? runFragment : runLoopback;
  return atLoopback({ ...asked, redirect }, ports, complete);
}

function portsOf(world: World, wire: ReplayWire, entry: Case, seen: Seen): FlowPorts {
  const { clock, random, listen, userAgent, prompter } = world.system;
  world.browser = (url) => browseAs(world, wire, entry, seen, url);
  return {
    fetch: wire.fetch,
    clock,
    random,
    listen,
    userAgent,
    prompter,
    waitMs: 8_000,
    trace: () => {},
    say: () => {},
    tell: (line) => {
      seen.told.push(line);
      if (entry.operation === 'device_start' && wire.at.length > 0) seen.interrupt.abort();
    },
    interrupted: seen.interrupt.signal,
    guarded: (body) => body(),
  };
}

function grantFacts({ provider, scopes }: ConnectPlan, grant: Grant, wire: ReplayWire): JsonObject {
  const nowAt = wire.at.at(-1) ?? wire.now();
  const primary = roleTokens(grant.tokens, primaryRoleOf(grant.tokens));
  const grantSeconds = grant.refreshIssuedSeconds;
  const end = grantEnd(provider, {
    createdAt: nowAt,
    refreshedAt: null,
    grantIssuedSeconds: grantSeconds,
    accessExpiresAt: primary.expiresAt,
    refreshPresent: primary.refresh !== null,
    refreshExpiresAt: grantSeconds === null ? null : nowAt + grantSeconds * 1000,
  });
  const roles = Object.entries(grant.tokens.roles).map(([id, tokens]) => [id, tokenFacts(tokens, nowAt)] as const);
  return {
    ...tokenFacts(primary, nowAt),
    roles: Object.fromEntries(roles),
    scopes: grant.granted,
    missing: missingScopes(scopes, grant.granted, provider.scopes),
    account: { ...grant.account },
    grantSeconds,
    shortGrant: end.reason !== null && end.reason === provider.lifetimes.shortGrant?.says,
    endsSeconds: end.endsAt === null ? null : (end.endsAt - nowAt) / 1000,
  };
}
