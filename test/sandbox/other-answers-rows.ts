// Every switch of one service's own, and what oauthctl makes of it. Where a fact is unverified, both answers must work.
import type { Row, Story } from './other-answers.ts';

const gone: Story = { connect: 'timed_out 6' };
const appRejected: Story = { connect: 'app_rejected 5' };
const lasting: Story = { refresh: 'fresh 0' };
const dead: Story = {
  status: 'reconnect_required 8',
  refresh: 'rejected 4',
  again: 'reconnect_required 8',
  revoke: 'already_dead refresh_rejected deleted 0',
};
const busy: Story = {
  status: 'unreachable 6',
  refresh: 'unreachable 6',
  again: 'unreachable 6',
  revoke: 'failed none kept 6',
};
const device = '--device';

const asana = (before: string, more: Partial<Row> = {}): Row => ({ provider: 'asana', before, ...more });
const asanaRows: readonly Row[] = [
  asana('asana-full-permissions', { expect: appRejected, says: { connect: /--scope default/ } }),
  asana('asana-full-permissions', { connect: '--scope default' }),
  asana('asana-redirects=oob-only', { expect: gone, says: { connect: /native or command-line app/ } }),
  asana('asana-redirects=oob-only', { connect: '--paste --redirect-uri urn:ietf:wg:oauth:2.0:oob' }),
  asana('asana-redirects=no-oob'),
  asana('asana-redirects=no-oob', { connect: '--paste' }),
  asana('asana-distribution=elsewhere', { expect: gone, says: { connect: /not distributed to this workspace/ } }),
  asana('asana-full-permissions asana-scope-error=invalid_scope', { expect: appRejected }),
  asana('asana-full-permissions asana-scope-error-at=page', { expect: gone }),
  asana('asana-secret=optional'),
  asana('asana-data=id'),
  asana('asana-data=id-number'),
  asana('asana-introspection=announced'),
];

const dropbox = (before: string, more: Partial<Row> = {}): Row => ({ provider: 'dropbox', before, ...more });
const team: Partial<Row> = {
  expect: { status: 'app_rejected 8', again: 'app_rejected 8' },
};
const refused = (state: string, exit: number): Story => ({
  status: `${state} 8`,
  again: `${state} 8`,
  revoke: `failed none kept ${exit}`,
});
const dropboxRows: readonly Row[] = [
  dropbox('dropbox-team=instead', team),
  dropbox('dropbox-team=beside', team),
  dropbox('dropbox-team=instead dropbox-400=json', team),
  dropbox('dropbox-issuer=api', { connect: '--scope +openid' }),
  dropbox('dropbox-issuer=id-token', { connect: '--scope +openid' }),
  dropbox('dropbox-untick', { expect: { connect: 'scope_missing 4' }, says: { connect: /account_info/ } }),
  dropbox('dropbox-refusal=user_suspended', {
    expect: refused('reconnect_required', 4),
    says: { status: /suspended/, revoke: /suspended/ },
  }),
  dropbox('dropbox-refusal=route_access_denied', {
    expect: refused('app_rejected', 5),
    says: { status: /access type/ },
  }),
];

const github = (more: Partial<Row>): Row => ({ provider: 'github', ...more });
const githubRows: readonly Row[] = [
  github({ before: 'github-no-expiry=unless-offline' }),
  github({ before: 'github-no-expiry=unless-offline', kind: 'github-app', expect: lasting }),
  github({ before: 'github-no-expiry=always', expect: lasting }),
  github({
    before: 'github-device=device_flow_disabled',
    connect: device,
    expect: appRejected,
    says: { connect: /Enable Device Flow/ },
  }),
  github({
    before: 'github-device=unauthorized_client',
    connect: device,
    expect: appRejected,
    says: { connect: /Enable Device Flow/ },
  }),
  github({ before: 'github-suspended', expect: appRejected, says: { connect: /suspended/ } }),
  github({
    before: 'github-unverified-email',
    expect: { connect: 'reconnect_required 4' },
    says: { connect: /no verified e-mail address/ },
  }),
  github({ before: 'github-email=null' }),
  github({ after: 'http-429 github-rate-limit=secondary', expect: busy }),
  github({ after: 'http-429 github-rate-limit=429', expect: busy }),
  github({ after: 'github-error-status=400 revoked-by-user', expect: dead }),
  github({ before: 'github-token-basic=accepted' }),
  github({ before: 'github-app-port=any', kind: 'github-app', connect: '--port 51234' }),
  github({ before: 'github-app-mismatch=page', kind: 'github-app', connect: '--port 51234', expect: gone }),
  github({ before: 'github-pkce=ignored' }),
  github({ before: 'github-grant-expired=accepted', later: 40_000 }),
  github({ later: 40_000 }),
  github({
    after: 'expired-secret github-wrong-secret=404',
    expect: { refresh: 'rejected 5', revoke: 'failed none kept 5' },
  }),
  github({ after: 'expired-secret', expect: { refresh: 'rejected 5', revoke: 'failed none kept 5' } }),
  github({ before: 'github-user-agent=demanded' }),
  github({ before: 'github-metadata=absent' }),
];

const drive = (more: Partial<Row>): Row => ({ provider: 'google-drive', ...more });
const ending: Story = { status: 'expiring 0', again: 'expiring 0' };
const off: Partial<Row> = {
  expect: { status: 'app_rejected 8', again: 'app_rejected 8' },
  says: { status: /API is switched off/ },
};
const overdue = 8 * 86_400;
const googleRows: readonly Row[] = [
  drive({ before: 'testing=announced', expect: ending, says: { status: /Testing/ } }),
  drive({ before: 'testing=announced', later: overdue, expect: dead, says: { status: /7 days/ } }),
  drive({ before: 'testing=silent', later: overdue, expect: dead, says: { status: /most likely/ } }),
  drive({ after: 'api-off=both', ...off }),
  drive({ after: 'api-off=drive', ...off }),
  drive({ after: 'api-off=gmail' }),
  { provider: 'gmail', after: 'api-off=gmail', ...off },
  drive({ after: 'api-off=both api-off-names=old', ...off }),
  drive({ after: 'api-off=both api-off-names=new', ...off }),
  drive({ before: 'device-quota', kind: 'tv', connect: device, expect: { connect: 'rate_limited 6' } }),
  drive({ before: 'iss-id-token=bare' }),
  drive({ before: 'iss-metadata=silent' }),
  drive({ before: 'desktop-secret=optional' }),
  drive({ after: 'tokeninfo-error=absent revoked-by-user', expect: dead }),
  drive({ before: 'web-refresh-token=always', kind: 'web', connect: '--paste' }),
];

const notion = (before: string, more: Partial<Row> = {}): Row => ({ provider: 'notion', before, ...more });
const notionRows: readonly Row[] = [
  notion('notion-no-rotation=null', { expect: lasting }),
  notion('notion-no-rotation=absent', { expect: lasting }),
  notion('notion-revoke=grant'),
  notion('notion-code-challenge=refused'),
  notion('notion-introspect=bare'),
  notion('notion-email=absent'),
];

const slack = (more: Partial<Row>): Row => ({ provider: 'slack', ...more });
const each = <T extends string>(values: readonly T[], row: (value: T) => Row) => values.map(row);
const slackRows: readonly Row[] = [
  slack({ before: 'slack-no-rotation=confidential', kind: 'confidential', connect: '--paste', expect: lasting }),
  slack({ before: 'slack-no-rotation=all', expect: lasting }),
  slack({
    before: 'slack-refuses=account_inactive',
    expect: { connect: 'provider_refused 5' },
    says: { connect: /^(?!.*code lives).*deactivated/ },
  }),
  // A deactivated person's tokens work again when that is undone; until then all calls are refused.
  slack({ after: 'slack-refuses=account_inactive', expect: dead, says: { refresh: /deactivated/ }, untold: 2 }),
  slack({
    before: 'slack-refuses=org_login_required',
    expect: { connect: 'reconnect_required 4' },
    says: { connect: /Enterprise organisation/ },
  }),
  slack({
    after: 'slack-refuses=org_login_required',
    expect: { ...refused('reconnect_required', 4), refresh: 'rejected 4' },
    says: { status: /Enterprise organisation/, refresh: /not ended/ },
  }),
  slack({ before: 'slack-refuses=team_added_to_org', expect: { connect: 'provider_unavailable 6' } }),
  // Said at HTTP 200, like everything of Slack's: what it did before it said so is not known.
  slack({
    after: 'slack-refuses=team_added_to_org',
    expect: { ...busy, refresh: 'uncertain 6' },
    says: { status: /Enterprise organisation/ },
  }),
  slack({ before: 'slack-enterprise=workspace' }),
  slack({ after: 'slack-enterprise=workspace' }),
  slack({ before: 'slack-loopback=address', connect: '--redirect-uri http://127.0.0.1:8252/callback/slack' }),
  slack({ before: 'slack-loopback=unregistered', expect: gone, says: { connect: /PKCE was not switched on/ } }),
  slack({ before: 'slack-denied=user_denied consent-denied', expect: { connect: 'consent_denied 4' } }),
  slack({ before: 'slack-iss=sent' }),
  ...each(['invalid_grant', 'token_revoked', 'token_expired', 'invalid_refresh_token'], (name) =>
    slack({ after: `slack-dead-refresh=${name} revoked-by-user`, expect: dead }),
  ),
  ...each(['invalid_auth', 'token_revoked', 'token_expired'], (name) =>
    slack({ after: `slack-dead-token=${name} revoked-by-user`, expect: dead }),
  ),
  slack({ before: 'slack-revoked=absent' }),
  slack({ before: 'slack-auth-test=older' }),
];

const trello = (more: Partial<Row>): Row => ({ provider: 'trello', ...more });
const unsupported: Story = { revoke: 'unsupported none deleted 8' };
const trelloRows: readonly Row[] = [
  trello({ before: 'trello-loopback=127.0.0.1', connect: '--redirect-uri http://127.0.0.1:8252/callback/trello' }),
  trello({ before: 'trello-loopback=both' }),
  trello({ after: 'trello-revoke=404', expect: unsupported }),
  trello({ after: 'trello-revoke=403', expect: unsupported }),
  trello({ after: 'trello-revoke=lives', expect: unsupported }),
  trello({ before: 'trello-token-type=absent' }),
  trello({ before: 'trello-untold-refresh', untold: 1 }),
  trello({ before: 'trello-absolute-end' }),
  trello({ before: 'trello-absolute-end', later: 366 * 86_400, expect: dead }),
  trello({
    kind: 'confidential',
    after: 'expired-secret',
    expect: { refresh: 'rejected 5', revoke: 'failed none kept 5' },
  }),
  trello({
    kind: 'confidential',
    after: 'trello-wrong-client=access_denied expired-secret',
    expect: { refresh: 'rejected 5', revoke: 'failed none kept 5' },
  }),
  trello({ after: 'trello-bearer-error=json revoked-by-user', expect: dead }),
  trello({ before: 'trello-token-info=wants-token', kind: 'legacy', expect: lasting }),
  trello({ before: 'trello-denied=page consent-denied', kind: 'legacy', expect: gone }),
  ...each(['key', 'database', 'cards'], (limit) => trello({ after: `http-429 trello-limit=${limit}`, expect: busy })),
  trello({ after: 'http-429 trello-retry-after', expect: busy }),
  trello({ before: 'trello-rate-headers=absent' }),
];

export const rows: readonly Row[] = [
  ...asanaRows,
  ...dropboxRows,
  ...githubRows,
  ...googleRows,
  ...notionRows,
  ...slackRows,
  ...trelloRows,
];
