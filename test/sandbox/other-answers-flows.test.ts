// Signing in without a browser that comes back, Slack's two tokens, and stories that take more than the usual steps.
import { expect, test } from 'vitest';
import { expectStory, nameOf, outcomeOf, type Row } from './other-answers.ts';
import { openSession, type ProgramSession } from './program-session.ts';

const flows: readonly Row[] = [
  { provider: 'github', connect: '--device' },
  { provider: 'github', kind: 'github-app', connect: '--device' },
  { provider: 'outlook', connect: '--device' },
  { provider: 'teams', connect: '--device' },
  { provider: 'google-drive', kind: 'tv', connect: '--device' },
  { provider: 'github', connect: '--device', before: 'consent-denied', expect: { connect: 'consent_denied 4' } },
  { provider: 'outlook', connect: '--device', before: 'consent-denied', expect: { connect: 'consent_denied 4' } },
  { provider: 'asana', connect: '--paste' },
  { provider: 'asana', connect: '--paste --redirect-uri urn:ietf:wg:oauth:2.0:oob' },
  { provider: 'dropbox', connect: '--paste' },
  { provider: 'dropbox', kind: 'confidential', connect: '--paste' },
  { provider: 'dropbox', kind: 'confidential' },
  { provider: 'github', connect: '--paste' },
  { provider: 'github', kind: 'github-app' },
  { provider: 'github', kind: 'github-app', connect: '--paste' },
  { provider: 'gmail', connect: '--paste' },
  { provider: 'google-drive', connect: '--paste' },
  { provider: 'gmail', kind: 'web', connect: '--paste' },
  { provider: 'notion', connect: '--paste' },
  { provider: 'outlook', connect: '--paste' },
  { provider: 'outlook', kind: 'confidential', connect: '--paste' },
  { provider: 'teams', connect: '--paste' },
  { provider: 'slack', connect: '--paste' },
  { provider: 'slack', kind: 'confidential', connect: '--paste' },
  { provider: 'trello', connect: '--paste' },
  { provider: 'trello', kind: 'confidential', connect: '--paste' },
  { provider: 'trello', kind: 'legacy', connect: '--paste', expect: { refresh: 'fresh 0' } },
  { provider: 'trello', kind: 'legacy', expect: { refresh: 'fresh 0' } },
];

test.each(flows.map((row) => [nameOf(row), row] as const))('%s', (_, row) => expectStory(row));

const outcome = async (session: ProgramSession, ...args: string[]) => outcomeOf(await session.run(...args));

const bothScopes = ['--scope', 'users:read', '--scope', 'bot:chat:write'];

async function twoRoles() {
  const session = openSession({ terminal: true });
  await session.register('slack', 'confidential', 'bot');
  const connected = await session.run('connect', 'slack', '--app', 'bot', '--paste', ...bothScopes);
  expect(connected).toMatchObject({ exit: 0, answer: { data: { connection: { roles: ['user', 'bot'] } } } });
  const token = async (role: string) => {
    const ran = await session.run('token', 'slack', '--role', role);
    return ran.answer.data?.access_token;
  };
  return { session, token };
}

test('Slack: the tokens of a person and of a bot are handed out, refreshed, checked and revoked, each by itself', async () => {
  const { session, token } = await twoRoles();
  const [user, bot] = [await token('user'), await token('bot')];
  expect(user).toMatch(/xoxp/);
  expect(bot).toMatch(/xoxb/);
  expect(await outcome(session, 'status', 'slack')).toBe('healthy 0');
  expect(await outcome(session, 'refresh', 'slack')).toBe('refreshed 0');
  const after = [await token('user'), await token('bot')];
  expect(after[0]).not.toBe(user);
  expect(after[1]).not.toBe(bot);
  expect(await outcome(session, 'status', 'slack')).toBe('healthy 0');
  expect(await outcome(session, 'revoke', 'slack', '--yes')).toBe('revoked probe_rejected deleted 0');
  expect(session.living()).toBe(0);
  expect(await session.violations()).toEqual([]);
});

test('Slack: a bot token that cannot be refreshed spoils the whole connection, and is named', async () => {
  const { session } = await twoRoles();
  session.world.advance(13 * 3_600_000);
  await session.switch('invalid-grant@token');
  const status = await session.run('status', 'slack');
  expect(outcomeOf(status)).toBe('reconnect_required 8');
  expect(status.said).toMatch(/(user|bot) token/);
  expect(await session.violations()).toEqual([]);
});

test('Slack: a bot scope is refused with a loopback redirect before the browser opens', async () => {
  const session = openSession();
  const ran = await session.run('connect', 'slack', '--scope', 'bot:chat:write');
  expect(ran.exit).toBe(5);
  expect(ran.answer.error?.message).toMatch(/https redirect/);
});

test('Slack without rotation: revoking one connection ends the other, which is said before and shown after', async () => {
  const session = openSession();
  await session.switch('slack-no-rotation=all');
  for (const name of ['slack', 'slack:again']) expect(await outcome(session, 'connect', name)).toBe('connected 0');
  const asked = await session.run('revoke', 'slack');
  expect(asked).toMatchObject({ exit: 2, answer: { error: { code: 'needs_confirmation' } } });
  expect(asked.said).toContain('slack:again');
  const { answer } = await session.run('revoke', 'slack', '--yes');
  expect(answer.data?.results).toMatchObject([{ remote: 'revoked', also_affected: ['slack:again'] }]);
  expect(await outcome(session, 'status', 'slack:again')).toBe('reconnect_required 8');
});

test('Slack: a workspace that joins an enterprise is the same account at the next sign-in', async () => {
  const session = openSession();
  await session.run('connect', 'slack');
  await session.switch('slack-enterprise=workspace');
  expect(await outcome(session, 'connect', 'slack')).toBe('connected 0');
  expect(await outcome(session, 'status', 'slack')).toBe('healthy 0');
});

test.each([
  ['github', 'reconnect_required 8'],
  ['notion', 'reconnect_required 8'],
  ['trello', 'expiring 0'],
])('%s: a refresh whose answer is lost', async (provider, state) => {
  const session = openSession();
  await session.run('connect', provider);
  const before = (await session.run('token', provider)).answer.data?.access_token;
  await session.switch('connection-reset=after@token*1');
  expect(await outcome(session, 'refresh', provider)).toBe('uncertain 6');
  const token = await session.run('token', provider);
  // Where the refresh that was lost ended the access token that is at rest, that one is not handed out.
  if (provider === 'github')
    expect(token).toMatchObject({ exit: 4, answer: { error: { code: 'reconnect_required' } } });
  else expect(token.answer.data?.access_token).toBe(before);
  const told = await session.run('refresh', provider);
  expect(outcomeOf(told)).toBe('rejected 4');
  expect(token.said + told.said).toContain('cut short');
  expect(await outcome(session, 'status', provider)).toBe(state);
  expect(await session.violations()).toEqual([]);
});

test.each(['github', 'notion', 'trello'])(
  '%s: after a refresh whose answer is lost, revoking claims no end of what lives on',
  async (provider) => {
    const session = openSession();
    await session.run('connect', provider);
    await session.switch('connection-reset=after@token*1');
    expect(await outcome(session, 'refresh', provider)).toBe('uncertain 6');
    const revoked = await outcome(session, 'revoke', provider, '--yes');
    // The tokens that never arrived are nobody's to end.
    if (session.living() > 0) expect(revoked).not.toMatch(/^already_dead|(introspected|rejected) deleted/);
    expect(await session.violations()).toEqual([]);
  },
);

test('Trello: after a refresh whose answer is lost, revoking ends the access token that is at rest', async () => {
  const session = openSession();
  await session.run('connect', 'trello');
  const held = (await session.run('token', 'trello')).answer.data?.access_token ?? '';
  await session.switch('connection-reset=after@token*1');
  await session.run('refresh', 'trello');
  expect(session.works(held)).toBe(true);
  await session.run('revoke', 'trello', '--yes');
  expect(session.works(held)).toBe(false);
});

test.each(['github', 'notion', 'slack', 'trello'])(
  '%s: a second use of a refresh token ends the grant',
  async (provider) => {
    const session = openSession();
    await session.run('connect', provider);
    await session.switch('reuse=kills', 'grace=0', 'connection-reset=after@token*1');
    expect(await outcome(session, 'refresh', provider)).toBe('uncertain 6');
    const told = await session.run('refresh', provider);
    expect(outcomeOf(told)).toBe('rejected 4');
    expect(told.said).toContain('cut short');
    expect(await outcome(session, 'status', provider)).toBe('reconnect_required 8');
    expect(await outcome(session, 'revoke', provider, '--yes')).toBe('already_dead refresh_rejected deleted 0');
    expect(session.living()).toBe(0);
    expect(await session.violations()).toEqual([]);
  },
);

test('Notion: connecting again, where that ends what was given before', async () => {
  const session = openSession();
  await session.switch('notion-reconnect');
  for (const _ of [1, 2]) expect(await outcome(session, 'connect', 'notion')).toBe('connected 0');
  expect(await outcome(session, 'status', 'notion')).toBe('healthy 0');
  expect(await session.violations()).toEqual([]);
});

test('Trello, a token of before that the user revoked: refreshing says so', async () => {
  const session = openSession();
  await session.register('trello', 'legacy');
  await session.run('connect', 'trello', '--app', 'other');
  await session.switch('revoked-by-user');
  expect(await outcome(session, 'refresh', 'trello')).toBe('rejected 4');
  expect(await outcome(session, 'status', 'trello')).toBe('reconnect_required 8');
  expect(await outcome(session, 'revoke', 'trello', '--yes')).toBe('already_dead probe_rejected deleted 0');
});
