// A grant that just came: whose it is, whether it may take the place of a stored one, and into the store with it.
import { CliError } from '../errors.ts';
import type { Connection } from '../model/connection.ts';
import { connectionName, parseConnectionName, parseLabel } from '../model/names.ts';
import type { RecordLock } from '../model/store.ts';
import type { Grant } from '../oauth/grant.ts';
import type { Peer } from '../oauth/peer.ts';
import { probeGrant } from '../oauth/probe.ts';
import { canRevoke, revokeGrant } from '../oauth/revoke.ts';
import { missingScopes } from '../oauth/scopes.ts';
import type { ConnectPlan } from './connect-plan.ts';
import { allConnections, readConnection, type StoredConnection } from './find.ts';
import { finishPage } from './finish-page.ts';
import { allHeld, heldOf } from './held-of.ts';
import { grantEnd } from './lifetimes.ts';
import { noteOutcome } from './note-outcome.ts';
import { oauthPorts, tokenOriginsOf } from './peer.ts';
import { reconnectCommand } from './reconnect-hint.ts';
import { primaryRoleOf, roleTokens } from './role-tokens.ts';
import { sameAccount, sameHolder } from './same-account.ts';
import type { Workspace } from './workspace.ts';
import { writeConnection } from './write-connection.ts';

const lockWaitMs = 30_000;

/** Stores the grant and returns the connection. When it cannot be stored and the person gives up, the grant is revoked. */
export async function adoptGrant(
  workspace: Workspace,
  plan: ConnectPlan,
  peer: Peer,
  grant: Grant,
): Promise<Connection> {
  const { account, grant: known } = await identify(workspace, peer, grant);
  for (let name = plan.name; ; ) {
    const step = await tryToStore(workspace, { plan, peer, grant: known, account, name });
    if (step.kind === 'stored') return step.connection;
    name = step.name;
  }
}

interface Adoption {
  readonly plan: ConnectPlan;
  readonly peer: Peer;
  readonly grant: Grant;
  readonly account: Connection['account'];
  readonly name: string;
}

type Step =
  | { readonly kind: 'stored'; readonly connection: Connection }
  | { readonly kind: 'retry'; readonly name: string };

async function tryToStore(workspace: Workspace, adoption: Adoption): Promise<Step> {
  const ref = { kind: 'connections', name: adoption.name } as const;
  try {
    const lock = await workspace.store.lock(ref, { waitMs: lockWaitMs, signal: workspace.system.signals.interrupted });
    try {
      const existing = await readConnection(workspace, adoption.name);
      const conflict = existing === undefined ? undefined : await resolveConflict(workspace, adoption, existing);
      if (conflict !== undefined) return { kind: 'retry', name: conflict };
      return { kind: 'stored', connection: await store(workspace, adoption, existing, lock) };
    } finally {
      await lock.release();
    }
  } catch (error) {
    return await afterFailure(workspace, adoption, error);
  }
}

interface Identified {
  readonly account: Connection['account'];
  readonly grant: Grant;
}

/**
 * The token's answer says who consented; what it leaves out (often the name, sometimes when the token ends) the provider
 * is asked for.
 */
async function identify(workspace: Workspace, peer: Peer, grant: Grant): Promise<Identified> {
  const { account, tokens, granted } = grant;
  const { probes } = peer.provider;
  const tellsEnd = roleTokens(tokens).expiresAt === null && probes.some(({ expiresAt }) => expiresAt !== undefined);
  if (account.id !== null && account.name !== null && !tellsEnd) return { account, grant };
  const held = heldOf({ scopes: { asked: [], granted, missing: [] } }, tokens, primaryRoleOf(tokens));
  const answer = await probeGrant(peer, held, oauthPorts(workspace));
  if (
    answer.kind === 'accepted' &&
    (account.id === null || answer.account.id === null || account.id === answer.account.id)
  ) {
    const told = { id: account.id ?? answer.account.id, name: account.name ?? answer.account.name };
    if (told.id === null) warnOfStranger(workspace, peer);
    return { account: told, grant: endingAt(grant, answer.expiresAt) };
  }
  if (account.id === null && answer.kind === 'transient') {
    workspace.warn(`whose grant this is could not be asked now: ${answer.error.message}`);
  } else if (account.id === null) warnOfStranger(workspace, peer);
  return { account, grant };
}

function warnOfStranger(workspace: Workspace, { provider }: Peer): void {
  workspace.warn(`${provider.name} does not tell whose grant this is`);
}

/** The end that the provider told of the primary token; undefined when it told nothing. */
function endingAt(grant: Grant, expiresAt: number | null | undefined): Grant {
  if (expiresAt === undefined) return grant;
  const role = primaryRoleOf(grant.tokens);
  const roles = { ...grant.tokens.roles, [role]: { ...roleTokens(grant.tokens, role), expiresAt } };
  return { ...grant, tokens: { ...grant.tokens, roles } };
}

/** Undefined: go on and replace. Otherwise the other name to store under; throws when the person declines. */
async function resolveConflict(
  workspace: Workspace,
  { plan, account, name }: Adoption,
  { connection: existing }: StoredConnection,
): Promise<string | undefined> {
  if (sameHolder(existing.account, account)) return undefined;
  const sameName = existing.account.name === account.name;
  const [before, now] = [whose(existing.account, sameName), whose(account, sameName)];
  const differs = new CliError('account_differs', `'${name}' belongs to ${before}, and you signed in as ${now}`, {
    hint: `${reconnectCommand(asPlanned(plan), plan.provider)} --as LABEL`,
  });
  if (!workspace.system.prompter.interactive) throw differs;
  const choice = await workspace.system.prompter.select({
    message: `${differs.message}. What now?`,
    choices: [
      { value: 'label', name: `Keep both: store ${now} under another label` },
      { value: 'replace', name: `Replace ${before}` },
      { value: 'stop', name: 'Store nothing' },
    ],
  });
  if (choice === 'replace') return undefined;
  if (choice === 'stop') throw differs;
  const label = await workspace.system.prompter.text({ message: 'Label', validate: labelOrWords });
  return connectionName(parseConnectionName(name).provider, parseLabel(label)).text;
}

/** As it would be begun anew, without a label. */
function asPlanned({ provider, credentials: { app }, tenant, flow, scopes }: ConnectPlan) {
  return { name: provider.id, app: app.name, tenant, flow, scopes: { asked: scopes, granted: [], missing: [] } };
}

/** Names are made anew and given to others; where they do not tell two accounts apart, the ids do. */
export function whose({ id, name }: Connection['account'], withId: boolean): string {
  if (name === null) return id ?? 'an unknown account';
  return withId ? `${name} (${id ?? 'id unknown'})` : name;
}

function labelOrWords(text: string): true | string {
  try {
    parseLabel(text);
    return true;
  } catch (error) {
    return error instanceof Error ? error.message : 'not a label';
  }
}

async function store(
  workspace: Workspace,
  { plan, peer, grant, account, name }: Adoption,
  existing: StoredConnection | undefined,
  lock: RecordLock,
): Promise<Connection> {
  const { host } = await workspace.system.liveness.self();
  const nowAt = workspace.system.clock.now();
  const connection = describeGrant(plan, peer, grant, { account: named(account, existing), name, host, nowAt });
  await writeConnection(workspace, {
    connection,
    tokens: grant.tokens,
    lock,
    replaces: existing?.record.generation ?? 0,
  });
  await noteOutcome(workspace, {
    type: existing === undefined ? 'connection.created' : 'connection.updated',
    outcome: 'success',
    provider: connection.provider,
    connection: name,
    details: { client_id: connection.clientId, scopes_granted: connection.scopes.granted },
  });
  return connection;
}

/** A name that could not be asked for now is the one of before, where the account is. */
function named({ id, name }: Connection['account'], existing: StoredConnection | undefined): Connection['account'] {
  const before = existing?.connection.account;
  return { id, name: name ?? (id !== null && before?.id === id ? before.name : null) };
}

type Described = Pick<ConnectPlan, 'provider' | 'tenant' | 'credentials' | 'scopes' | 'flow'>;

/** The facts of a grant that begins now. */
export function describeGrant(
  { provider, tenant, credentials: { app }, scopes: asked, flow }: Described,
  peer: Pick<Peer, 'resource'>,
  grant: Grant,
  { account, name, host, nowAt }: { account: Connection['account']; name: string; host: string; nowAt: number },
): Connection {
  const held = roleTokens(grant.tokens);
  const { granted } = grant;
  const refreshPresent = held.refresh !== null;
  const refreshExpiresAt = grant.refreshIssuedSeconds === null ? null : nowAt + grant.refreshIssuedSeconds * 1000;
  const begins = { createdAt: nowAt, refreshedAt: null, grantIssuedSeconds: grant.refreshIssuedSeconds };
  return {
    name,
    provider: provider.id,
    label: parseConnectionName(name).label,
    issuer: provider.issuer,
    tokenOrigins: tokenOriginsOf(provider),
    account,
    app: app.name,
    clientId: app.clientId,
    kind: app.kind,
    tenant,
    flow,
    roles: Object.keys(grant.tokens.roles),
    scopes: { asked, granted, missing: missingScopes(asked, granted, provider.scopes) },
    accessToken: { expiresAt: held.expiresAt, refreshable: refreshPresent },
    refreshToken: {
      present: refreshPresent,
      rotates: !refreshPresent || provider.rotation === 'unknown' ? null : provider.rotation === 'always',
      expiresAt: refreshExpiresAt,
    },
    grant: grantEnd(provider, { ...begins, refreshPresent, refreshExpiresAt, accessExpiresAt: held.expiresAt }),
    resource: peer.resource,
    ...begins,
    provedAt: nowAt,
    spending: [],
    refused: [],
    host,
  };
}

/** The tokens exist in memory only: the person may mend the store and try again; giving up revokes, so that nothing is left behind. */
async function afterFailure(workspace: Workspace, adoption: Adoption, error: unknown): Promise<Step> {
  const failed =
    error instanceof CliError ? error : new CliError('internal', 'storing the grant failed', { cause: error });
  if (failed.exit === 7 && workspace.system.prompter.interactive) {
    const message = `The grant could not be saved: ${failed.message}. Try again?`;
    if (await workspace.system.prompter.confirm({ message, initial: true }).catch(() => false)) {
      return { kind: 'retry', name: adoption.name };
    }
  }
  await giveUp(workspace, adoption);
  throw failed;
}

/** Revokes what will not be stored, unless that would end a stored grant of the same person at the same app too. */
async function giveUp(workspace: Workspace, { plan, peer, grant, account }: Adoption): Promise<void> {
  const stored = await allConnections(workspace).catch(() => undefined);
  const there = stored?.readable.filter(({ connection }) => connection.issuer === plan.provider.issuer) ?? [];
  const shared = there.some(({ connection }) => sameAccount(connection.account.id, account.id));
  // Where it is not known whose a grant is, or one cannot be read now, both may be of one account all the same.
  const nameless = there.some(({ connection }) => connection.account.id === null) || account.id === null;
  const unsure = stored === undefined || stored.unreadable.length > 0 || (nameless && there.length > 0);
  if (canRevoke(peer) && (shared || unsure)) {
    const certainly = shared ? 'would' : 'might';
    workspace.warn(
      `the new grant was not revoked, since that ${certainly} end a stored connection of the same account`,
    );
    return;
  }
  const scopes = { asked: [], granted: grant.granted, missing: [] };
  const ends = allHeld({ scopes }, grant.tokens).map((held) => revokeGrant(peer, held, oauthPorts(workspace)));
  const isEnded = (await Promise.all(ends)).every(({ kind }) => kind === 'revoked' || kind === 'already_dead');
  if (isEnded) return workspace.say('the new grant was revoked again');
  const page = finishPage(plan.provider, { clientId: plan.credentials.app.clientId, accountId: account.id });
  workspace.warn(`the new grant could not be revoked; end it at ${page ?? 'the provider'}`);
}
