// What ends a grant, wholly or in part, and a network that is down throughout: what becomes of a connection of each of the ten.
import { type Row, type Story, usual } from './other-answers.ts';

const all = ['asana', 'dropbox', 'github', 'gmail', 'google-drive', 'notion', 'outlook', 'slack', 'teams', 'trello'];
/** A refresh spends the refresh token there, or may (nobody knows of Asana's): an answer that is lost leaves it open. */
const singleUse = ['asana', 'github', 'notion', 'slack', 'trello'];
/** Ending a grant takes no call there. */
const endless = ['outlook', 'teams'];
/** Those whose app of this kind has a secret. */
const secretive = ['asana', 'github', 'gmail', 'google-drive', 'notion'];
/** The access token outlives its grant. */
const outliving = ['outlook', 'teams'];

const kept = (provider: string, exit = 6) =>
  endless.includes(provider) ? usual(provider).revoke : `failed none kept ${exit}`;

/** Nothing is known, nothing was changed: the record stays, and all is well when the fault is over. */
const blind = (provider: string, refresh = 'unreachable 6'): Story => ({
  status: 'unreachable 6',
  refresh,
  again: 'unreachable 6',
  revoke: kept(provider),
});

/** The request left, and what it did is not known. */
const open = (provider: string) => (singleUse.includes(provider) ? 'uncertain 6' : 'unreachable 6');

const dead = (provider: string): Story => ({
  status: 'reconnect_required 8',
  refresh: 'rejected 4',
  again: 'reconnect_required 8',
  revoke: endless.includes(provider) ? usual(provider).revoke : 'already_dead refresh_rejected deleted 0',
});

/** While a fault is everywhere and goes on; fault-table.ts has each fault at each place by itself. */
function transient(provider: string): readonly Row[] {
  const cut = blind(provider, open(provider));
  return [
    { provider, after: 'unreachable', expect: blind(provider) },
    { provider, after: 'http-5xx', expect: cut },
    { provider, after: 'connection-reset=after', expect: cut, ...spentBy(provider) },
    { provider, later: halfDay, after: 'http-5xx@token', ...expired(provider) },
  ];
}

/** Longer than any access token lives that ends at all. */
const halfDay = 50_000;

/** The access token has ended, and no other can be had now. Notion's have no end. */
function expired(provider: string): Pick<Row, 'expect'> {
  if (provider === 'notion')
    return { expect: { refresh: 'uncertain 6', again: 'uncertain 8', revoke: kept(provider) } };
  const state = singleUse.includes(provider) ? 'uncertain 8' : 'unreachable 6';
  return { expect: { status: state, refresh: open(provider), again: state, revoke: kept(provider) } };
}

function spentBy(provider: string): Pick<Row, 'afterwards'> {
  const afterwards = spent[provider];
  return afterwards === undefined ? {} : { afterwards };
}

/** The stored refresh token is used up; whether the access token from before still works is another matter. */
const spent: Readonly<Record<string, readonly [string, string]>> = {
  github: ['rejected 4', 'reconnect_required 8'],
  notion: ['rejected 4', 'reconnect_required 8'],
  trello: ['rejected 4', 'expiring 0'],
};

function final(provider: string): readonly Row[] {
  const gone: Story = outliving.includes(provider) ? { refresh: 'rejected 4', again: 'expiring 0' } : dead(provider);
  // Google wants nothing but the token there.
  const revoke = provider === 'gmail' || provider === 'google-drive' ? usual(provider).revoke : kept(provider, 5);
  const secretOver: Story = { refresh: 'rejected 5', revoke };
  return [
    { provider, after: 'invalid-grant', expect: { refresh: 'rejected 4', again: 'expiring 0' } },
    { provider, after: 'revoked-by-user', expect: gone, says: { refresh: /most likely|revoked|removed/ } },
    { provider, after: 'expired-secret', expect: secretive.includes(provider) ? secretOver : {} },
    { provider, before: 'consent-denied', expect: { connect: 'consent_denied 4' } },
    { provider, before: 'never-calls-back', expect: { connect: 'timed_out 6' }, says: { connect: /redirect URI/ } },
  ];
}

const reduced: Readonly<Record<string, Partial<Row>>> = {
  dropbox: { connect: '--scope account_info.read --scope files.content.read', before: 'reduced-scopes=files' },
  github: { connect: '--scope read:user --scope repo', before: 'reduced-scopes=repo' },
  slack: { connect: '--scope team:read --scope users:read', before: 'reduced-scopes=users' },
};

/** Words of the reason, where a grant ends for want of use. */
const idle: Readonly<Record<string, RegExp>> = {
  github: /six months/,
  gmail: /six months/,
  'google-drive': /six months/,
  outlook: /90 days/,
  slack: /30 days/,
  teams: /90 days/,
  trello: /90 days/,
};

/** What a grant is like from its beginning, and at its end. */
function aged(provider: string): readonly Row[] {
  const limited: Story = { status: 'expiring 0', refresh: 'fresh 0', again: 'expiring 0' };
  // Asana takes refresh tokens only.
  const lone: Story = provider === 'asana' ? { ...limited, revoke: 'unsupported none deleted 8' } : limited;
  const less: Row = {
    provider,
    before: 'reduced-scopes',
    ...reduced[provider],
    expect: { status: 'scope_missing 8', again: 'scope_missing 8' },
    says: { connect: /not granted/ },
  };
  // Notion has no scopes, Asana does not tell them, and of Trello's one is asked for.
  const unscoped = ['asana', 'notion', 'trello'].includes(provider);
  const words = idle[provider];
  return [
    { provider, later: halfDay },
    words === undefined
      ? { provider, later: 200 * 86_400 }
      : { provider, later: 200 * 86_400, expect: dead(provider), says: { status: words, refresh: words } },
    { provider, before: 'no-refresh-token', expect: provider === 'notion' ? { refresh: 'fresh 0' } : lone },
    ...(unscoped ? [] : [less]),
  ];
}

/** The refresh token has ended and the access token works: that one is still revoked. */
const refreshOver: readonly Row[] = ['dropbox', 'notion', 'slack', 'trello', 'github'].map((provider) => ({
  provider,
  before: 'refresh-life=60',
  later: 120,
  expect: {
    ...(provider === 'github' ? { status: 'expiring 0' } : {}),
    refresh: 'rejected 4',
    again: 'expiring 0',
  },
  says: { status: /^(?!.*the grant ends [^"]* ago)/ },
}));

export const grantRows: readonly Row[] = all
  .flatMap((provider) => [...transient(provider), ...final(provider), ...aged(provider)])
  .concat(refreshOver);
