// Adopts a grant that another tool left in a plain file: asked about at the provider, then sealed. A dead one is refused, and
// nothing that is stored is ever replaced by it without a word.
import { CliError } from '../../errors.ts';
import type { Connection, TokenSet } from '../../model/connection.ts';
import { connectionName, parseLabel } from '../../model/names.ts';
import type { Provider, TokenRole } from '../../model/provider.ts';
import { providerForApp } from '../../model/provider-for-app.ts';
import { rolesOf } from '../../model/token-roles.ts';
import type { Again } from '../../model/typed-again.ts';
import type { Grant } from '../../oauth/grant.ts';
import type { Peer } from '../../oauth/peer.ts';
import type { ProbeAnswer } from '../../oauth/probe.ts';
import { describeGrant, whose } from '../adopt-grant.ts';
import { kindOf } from '../app-values.ts';
import { readConnection } from '../find.ts';
import { isAlive } from '../lifetimes.ts';
import { noteOutcome } from '../note-outcome.ts';
import { primaryRoleOf, roleTokens } from '../role-tokens.ts';
import { sameHolder } from '../same-account.ts';
import { tenantFor } from '../tenants.ts';
import type { Workspace } from '../workspace.ts';
import { writeConnection } from '../write-connection.ts';
import { type AdoptedApp, adoptedApp, storeAdopted } from './adopted-app.ts';
import { askWhose } from './ask-whose.ts';
import type { ForeignGrant } from './foreign-grant.ts';
import { refuseForeignHost } from './foreign-host.ts';
import type { FoundGrant } from './read-foreign.ts';
import { renewAdopted } from './renew-adopted.ts';

export interface AdoptRequest {
  readonly found: FoundGrant;
  readonly provider: string;
  readonly as: string | undefined;
  readonly app: string | undefined;
  /** Which of the tokens of a grant it is, where the provider gives several; the primary when left out. */
  readonly role: string | undefined;
  /** A stored grant of the same account may be replaced. */
  readonly force: boolean;
  /** As it was typed, for hints; without --force. */
  readonly again: Again;
}

const lockWaitMs = 30_000;

export async function adoptForeign(workspace: Workspace, request: AdoptRequest): Promise<Connection> {
  const adoption = await prepare(workspace, request);
  const { peer } = adoption;
  const role = primaryRoleOf(adoption.tokens);
  const lives = isAlive(roleTokens(adoption.tokens, role), workspace.system.clock.now());
  if (!lives) return renew(workspace, adoption, request, 'its access token has ended');
  const answer = await askWhose(workspace, adoption);
  switch (answer.kind) {
    case 'accepted':
      return keep(workspace, told(adoption, answer), request);
    case 'nothing_to_ask':
      workspace.warn(`${peer.provider.name} offers nothing to ask: whether the grant works is not known`);
      return keep(workspace, adoption, request);
    case 'rejected':
      return renew(workspace, adoption, request, answer.words);
    case 'transient':
      throw answer.error;
    case 'refused':
      throw new CliError('provider_refused', `${peer.provider.name} refused the token: ${answer.words}`, {
        hint: `oauthctl provider guide ${peer.provider.id}`,
      });
  }
}

export interface Adoption {
  readonly name: string;
  readonly grant: ForeignGrant;
  readonly peer: Peer;
  readonly app: AdoptedApp;
  readonly tokens: TokenSet;
  readonly account: Connection['account'];
  readonly granted: readonly string[];
  readonly isProved: boolean;
}

/** Everything that can be known before the provider is asked; key and store are proved, since a token may be spent soon. */
async function prepare(workspace: Workspace, request: AdoptRequest): Promise<Adoption> {
  const { found, provider: id, as, app: asked, again } = request;
  const { provider: whole } = await workspace.providers.get(id);
  await refuseForeignHost(workspace, whole, found.grant.host, again);
  const label = as === undefined ? null : parseLabel(as);
  const { text: name } = connectionName(whole.id, label);
  await workspace.keyring.key();
  await workspace.store.probe();
  await (await readConnection(workspace, name))?.record.open();
  const app = await adoptedApp(workspace, whole, found.grant.client, asked, again);
  const { credentials } = app;
  const tenant = tenantFor(whole, credentials.app.tenant);
  const provider = providerForApp(whole, kindOf(whole, credentials.app.kind).id, tenant);
  const peer = { provider, tenant, app: credentials.app, clientSecret: credentials.clientSecret, resource: null };
  const role = roleFor(provider, request);
  const scopes = found.grant.scopes?.map((scope) => `${role.scopePrefix}${scope}`) ?? null;
  const grant = { ...found.grant, scopes };
  const account = { id: null, name: grant.accountName };
  return {
    name,
    grant,
    peer,
    app,
    tokens: tokensOf(grant, role.id),
    account,
    granted: scopes ?? [],
    isProved: false,
  };
}

function roleFor(provider: Provider, { role, again }: AdoptRequest): TokenRole {
  const roles = rolesOf(provider);
  const found = role === undefined ? roles[0] : roles.find(({ id }) => id === role);
  if (found !== undefined) return found;
  const names = roles.map(({ id }) => id).join(', ');
  throw new CliError('invalid_value', `${provider.name} gives no ${role} token, only: ${names}`, {
    hint: again({ role: undefined }),
  });
}

function tokensOf(grant: ForeignGrant, role: string): TokenSet {
  const { access, refresh, tokenType, expiresAt, idToken } = grant;
  return { roles: { [role]: { access, refresh, tokenType, expiresAt, issuedSeconds: null } }, idToken };
}

/** What the provider says of its own token goes before what the file says. */
function told(adoption: Adoption, answer: Extract<ProbeAnswer, { kind: 'accepted' }>): Adoption {
  const { peer, tokens, grant } = adoption;
  if (answer.clientId !== null && answer.clientId !== peer.app.clientId) {
    throw new CliError(
      'app_changed',
      `the token was given to client id ${answer.clientId}, and the app '${peer.app.name}' has ${peer.app.clientId}: store that client, and import with --app NAME`,
      { hint: `oauthctl app set ${peer.provider.id} --name NAME --client-id ${answer.clientId}` },
    );
  }
  const role = primaryRoleOf(tokens);
  const held = roleTokens(tokens, role);
  const expiresAt = answer.expiresAt === undefined ? held.expiresAt : answer.expiresAt;
  return {
    ...adoption,
    account: { id: answer.account.id, name: answer.account.name ?? grant.accountName },
    granted: answer.scopes ?? adoption.granted,
    tokens: { ...tokens, roles: { [role]: { ...held, expiresAt } } },
    isProved: true,
  };
}

async function keep(workspace: Workspace, adoption: Adoption, { force, again }: AdoptRequest): Promise<Connection> {
  const existing = (await readConnection(workspace, adoption.name))?.connection;
  if (existing !== undefined) refuseConflict(adoption, existing, force, again);
  await storeAdopted(workspace, adoption.app);
  return storeGrant(workspace, adoption, existing !== undefined);
}

function refuseConflict({ name, account, grant }: Adoption, existing: Connection, force: boolean, again: Again): void {
  if (!sameHolder(existing.account, account)) {
    const sameName = existing.account.name === account.name;
    throw new CliError(
      'account_differs',
      `'${name}' belongs to ${whose(existing.account, sameName)}, and the grant to ${whose(account, sameName)}`,
      { hint: again({ as: 'LABEL' }) },
    );
  }
  if (!force && (isUnknown(account) || isUnknown(existing.account))) {
    throw new CliError(
      'account_differs',
      `there is a '${name}' already, and whether both are of one account is not told`,
      {
        hint: again({ as: 'LABEL' }),
      },
    );
  }
  if (existing.refreshToken.present && grant.refresh === null) {
    throw new CliError('invalid_value', `'${name}' holds a refresh token of that account, and the file holds none`, {
      hint: again({ as: 'LABEL' }),
    });
  }
  if (force) return;
  throw new CliError('invalid_value', `'${name}' holds a grant of that account already, which --force replaces`, {
    hint: again({ force: true }),
  });
}

const isUnknown = ({ id, name }: Connection['account']) => id === null && name === null;

/** Whose grant it is can be told after a refresh only: by then it must be at rest, and so it must not stand in another's place. */
async function renew(
  workspace: Workspace,
  adoption: Adoption,
  { again }: AdoptRequest,
  why: string,
): Promise<Connection> {
  const { name, peer, grant } = adoption;
  if (grant.refresh === null) {
    throw new CliError('reconnect_required', `the grant is dead: ${why}, and there is no refresh token`, {
      hint: `oauthctl connect ${name}`,
    });
  }
  if ((await readConnection(workspace, name)) !== undefined) {
    throw new CliError(
      'account_differs',
      `${why}, so whose grant it is cannot be told yet, and there is a '${name}' already`,
      {
        hint: again({ as: 'LABEL' }),
      },
    );
  }
  workspace.say(`${why}: refreshing it at ${peer.provider.name}`);
  await storeAdopted(workspace, adoption.app);
  await storeGrant(workspace, adoption, false);
  return renewAdopted(workspace, adoption);
}

async function storeGrant(workspace: Workspace, adoption: Adoption, replace: boolean): Promise<Connection> {
  const { name, peer, tokens, granted, account, grant } = adoption;
  const { system, store } = workspace;
  const lock = await store.lock(
    { kind: 'connections', name },
    { waitMs: lockWaitMs, signal: system.signals.interrupted },
  );
  try {
    const existing = await readConnection(workspace, name);
    if (existing !== undefined && !replace) {
      throw new CliError('locked', `'${name}' was stored by another process meanwhile`, {
        hint: `oauthctl status ${name}`,
      });
    }
    const connection = facts(peer, { tokens, granted, account, refreshIssuedSeconds: null }, grant.scopes ?? granted, {
      account,
      name,
      nowAt: system.clock.now(),
      host: (await system.liveness.self()).host,
    });
    const proved = { ...connection, provedAt: adoption.isProved ? connection.provedAt : null };
    await writeConnection(workspace, { connection: proved, tokens, lock, replaces: existing?.record.generation ?? 0 });
    await noteOutcome(workspace, {
      type: existing === undefined ? 'connection.created' : 'connection.updated',
      outcome: 'success',
      provider: connection.provider,
      connection: name,
      details: { client_id: connection.clientId, scopes_granted: granted, adopted: true },
    });
    return proved;
  } finally {
    await lock.release();
  }
}

function facts(
  peer: Peer,
  grant: Grant,
  scopes: readonly string[],
  at: Parameters<typeof describeGrant>[3],
): Connection {
  const { provider, tenant, app, clientSecret } = peer;
  const { flows } = kindOf(provider, app.kind);
  // No file tells how its grant was signed in to; this is how it would be next time.
  const flow = flows.includes('loopback') ? 'loopback' : (flows[0] ?? 'loopback');
  return describeGrant({ provider, tenant, credentials: { app, clientSecret }, scopes, flow }, peer, grant, at);
}
