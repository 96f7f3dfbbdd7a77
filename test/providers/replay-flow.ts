// A sign-in as a case plays it: planned, shown to a browser that answers from the fixture, and finished.
import { appToContent } from '../../src/connections/app-record.ts';
import { type ConnectPlan, planConnect } from '../../src/connections/connect-plan.ts';
import { grantEnd } from '../../src/connections/lifetimes.ts';
import type { Workspace } from '../../src/connections/workspace.ts';
import { CliError } from '../../src/errors.ts';
import { primaryRole } from '../../src/model/connection.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { Secret } from '../../src/model/secret.ts';
import { runDevice } from '../../src/oauth/flows/device.ts';
import { runLoopback } from '../../src/oauth/flows/loopback.ts';
import { runPaste } from '../../src/oauth/flows/paste.ts';
import type { Grant } from '../../src/oauth/grant.ts';
import type { Peer } from '../../src/oauth/peer.ts';
import type { FlowPorts } from '../../src/oauth/ports.ts';
import { missingScopes } from '../../src/oauth/scopes.ts';
import { createWorld, type World } from '../support/world.ts';
import type { Happened } from './compare.ts';
import { asText, type Case, fill } from './fixture.ts';
import { tokenFacts } from './replay.ts';
import { type ReplayWire, startText } from './replay-wire.ts';

export async function playFlow(
  peer: Peer,
  scopes: readonly string[] | undefined,
  callback: string,
  entry: Case,
  wire: ReplayWire,
): Promise<Happened> {
  const world = createWorld({ now: startText, terminal: true });
  wire.now = () => world.now();
  // The plan would stop a case that is about what the provider says to an app without its secret.
  const held = {
    ...peer,
    app: { ...peer.app, hasSecret: true },
    clientSecret: peer.clientSecret ?? new Secret('held'),
  };
  const plan = await planned(world, held, scopes, entry).catch(failure);
  if ('ends' in plan) return plan;
  const seen: Seen = { told: [], interrupt: new AbortController() };
  const ended = await run(plan, peer, portsOf(world, entry, wire, callback, seen), entry.given.loginHint).then(
    (grant): Happened => ({ granted: grantFacts(plan, peer, grant, wire) }),
    (error: unknown): Happened => failure(error),
  );
  await world.browsed();
  const withoutSecret = await planned(world, { ...peer, clientSecret: undefined }, scopes, entry).catch(failure);
  return {
    ...ended,
    words: [asText(ended.words), ...seen.told].join('\n'),
    waits: seen.strayStatus === 400,
    waitsSeconds: wire.at.slice(1).map((at, index) => (at - (wire.at[index] ?? 0)) / 1000),
    withoutSecret: 'ends' in withoutSecret ? withoutSecret.ends : undefined,
  };
}

interface Seen {
  readonly told: string[];
  readonly interrupt: AbortController;
  strayStatus?: number;
}

function failure(error: unknown): Happened & { readonly ends: string } {
  if (!(error instanceof CliError)) throw error;
  return {
    ends: error.code,
    words: `${error.message} ${error.hint ?? ''}`,
    notOffered: error.code === 'grant_unsupported',
  };
}

async function planned(
  world: World,
  { provider, app, clientSecret }: Peer,
  scopes: readonly string[] | undefined,
  { given }: Case,
): Promise<ConnectPlan> {
  const held = new Secret('held');
  const record = { ref: { kind: 'apps', name: provider.id }, generation: 1, ...appToContent(provider, app, held) };
  const open = async () => ({ client_secret: clientSecret?.reveal() ?? null });
  // What a plan asks of a workspace; anything else would fail loudly.
  const workspace = {
    system: world.system,
    store: { read: async () => ({ ...record, open }) },
    providers: { get: async () => ({ provider, source: 'shipped' }) },
    say: () => {},
    warn: () => {},
  } as unknown as Workspace;
  const request = {
    target: provider.id,
    as: undefined,
    scopes: scopes ?? [],
    app: undefined,
    loginHint: given.loginHint,
    port: undefined,
    redirectUri: undefined,
    flow: given.flow ?? 'auto',
    openBrowser: true,
    waitSeconds: 300,
    params: {},
    resource: undefined,
  } as const;
  return planConnect(workspace, request);
}

function run(plan: ConnectPlan, peer: Peer, ports: FlowPorts, loginHint: string | undefined): Promise<Grant> {
  const asked = { peer, scopes: plan.scopes, loginHint, extraParams: {}, waitSeconds: 300, openBrowser: true };
  const complete = async (grant: Grant) => ({ value: grant, page: { title: 'Connected', lines: [] } });
  if (plan.flow === 'device') return runDevice(asked, ports, complete);
  if (plan.redirect.at === 'loopback') return runLoopback({ ...asked, redirect: plan.redirect }, ports, complete);
  return runPaste({ ...asked, redirect: plan.redirect }, ports, complete);
}

function portsOf(world: World, entry: Case, wire: ReplayWire, callback: string, seen: Seen): FlowPorts {
  const { clock, random, listen, userAgent, prompter } = world.system;
  const finalUrl = (url: string) => {
    const asked = new URL(url).searchParams;
    for (const name of ['state', 'redirect_uri', 'nonce', 'code_challenge']) {
      const value = asked.get(name);
      if (value !== null) wire.attempt[name] = value;
    }
    if (entry.operation === 'authorize') wire.browse(url);
    const said = entry.operation === 'authorize' ? 'error=access_denied&state={state}' : callback;
    return `${wire.attempt.redirect_uri}?${fill(entry.given.callback ?? said, wire.attempt)}`;
  };
  world.browser = async (url) => {
    const address = finalUrl(url);
    if (entry.given.callback === null) return;
    if (!address.startsWith('http:')) return world.paste(address);
    const answer = await world.visit(address);
    seen.strayStatus = answer.status;
    const { location } = answer.headers;
    if (location !== undefined) await world.visit(new URL(location, address).href);
  };
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

function grantFacts({ scopes }: ConnectPlan, { provider }: Peer, grant: Grant, wire: ReplayWire): JsonObject {
  const tokens = grant.tokens.roles[primaryRole];
  if (tokens === undefined) return {};
  const nowAt = wire.at.at(-1) ?? wire.now();
  const grantSeconds = grant.refreshIssuedSeconds;
  const end = grantEnd(provider, {
    createdAt: nowAt,
    refreshedAt: null,
    grantIssuedSeconds: grantSeconds,
    accessExpiresAt: tokens.expiresAt,
    refreshPresent: tokens.refresh !== null,
    refreshExpiresAt: grantSeconds === null ? null : nowAt + grantSeconds * 1000,
  });
  return {
    ...tokenFacts(tokens, nowAt),
    scopes: grant.granted,
    missing: missingScopes(scopes, grant.granted, provider.scopes),
    account: { ...grant.account },
    grantSeconds,
    shortGrant: end.reason !== null && end.reason === provider.lifetimes.shortGrant?.says,
    endsSeconds: end.endsAt === null ? null : (end.endsAt - nowAt) / 1000,
  };
}
