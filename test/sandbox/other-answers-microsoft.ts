// Microsoft's own switches, and what oauthctl makes of them; Outlook stands for both, Teams where it differs.
import type { Row, Story } from './other-answers.ts';

const outlook = (more: Partial<Row>): Row => ({ provider: 'outlook', ...more });
const gone: Story = { connect: 'timed_out 6' };

/** Known cases have their own words, and no guess beside them. */
const told = (words: string) => new RegExp(`^(?!.*most likely).*${words}`);

const refusals: readonly (readonly [string, Story, string])[] = [
  ['interaction_required', { refresh: 'rejected 4' }, 'sign in again|new sign-in'],
  ['consent_required', { refresh: 'rejected 4' }, 'consent'],
  ['temporarily_unavailable', { refresh: 'unreachable 6' }, 'wait'],
  ['53003', { refresh: 'rejected 4', again: 'expiring 0' }, 'Conditional Access'],
  ['50173', { refresh: 'rejected 4', again: 'expiring 0' }, 'password'],
  ['700082', { refresh: 'rejected 4', again: 'expiring 0' }, 'not used for too long'],
  ['50196', { refresh: 'rejected 4', again: 'expiring 0' }, 'too often'],
  ['700084', { refresh: 'rejected 4', again: 'expiring 0' }, 'Single-page application'],
  ['700016', { refresh: 'rejected 5' }, 'does not know this app'],
];

/** Nobody comes back from a page of Microsoft's; the likely causes name the number where a program can know it. */
const pages: readonly (readonly [string, string])[] = [
  ['90094', 'AADSTS90094'],
  ['90095', 'AADSTS90095'],
  ['65001', 'redirect URI'],
  ['53003', 'redirect URI'],
  ['530035', 'redirect URI'],
  ['50194', 'AADSTS50194'],
  ['700016', 'AADSTS700016'],
  ['7000112', 'redirect URI'],
  ['9002332', 'AADSTS9002332'],
];

export const microsoftRows: readonly Row[] = [
  ...refusals.map(([error, expect, words]) =>
    outlook({ after: `microsoft-token-error=${error}`, expect, says: { refresh: told(words) } }),
  ),
  ...pages.map(([number, words]) =>
    outlook({ before: `microsoft-page-error=${number}`, expect: gone, says: { connect: new RegExp(words) } }),
  ),
  outlook({ before: 'microsoft-consent=managed', expect: gone, says: { connect: /[Aa]dmin/ } }),
  { provider: 'teams', before: 'microsoft-consent=managed' },
  {
    provider: 'teams',
    before: 'microsoft-consent=managed',
    connect: '--scope +Chat.Read',
    expect: gone,
    says: { connect: /administrator/ },
  },
  outlook({
    before: 'microsoft-public-flows=forbidden',
    connect: '--device',
    expect: { connect: 'app_rejected 5' },
    says: { connect: /public client flows/ },
  }),
  outlook({ before: 'microsoft-loopback=manifest', connect: '--redirect-uri http://127.0.0.1:8252/callback/outlook' }),
  outlook({ after: 'revoked-by-user', expect: { refresh: 'rejected 4', again: 'expiring 0' } }),
  outlook({
    after: 'microsoft-revoked=at-once revoked-by-user',
    expect: { status: 'reconnect_required 8', refresh: 'rejected 4', again: 'reconnect_required 8' },
  }),
  outlook({ before: 'microsoft-code-life=600' }),
  outlook({ before: 'microsoft-scope-echo=asked' }),
  outlook({ before: 'microsoft-ext-expires-in=absent' }),
  outlook({ before: 'microsoft-refresh-offline=needed' }),
  outlook({
    after: 'microsoft-suberror microsoft-token-error=interaction_required',
    expect: { refresh: 'rejected 4' },
  }),
  outlook({ before: 'microsoft-pending-status', connect: '--device' }),
  outlook({ before: 'microsoft-slow-down=unspoken', connect: '--device' }),
  outlook({ before: 'microsoft-slow-down=in-time', connect: '--device' }),
];

/** Switches that oauthctl cannot meet, with the reason: by setting, or by name for all of its values. */
export const unmet: Readonly<Record<string, string>> = {
  'dropbox-check': 'check/user and check/app are never called',
  'github-delete-token': 'a whole grant is deleted, never one token',
  'github-dead-token': 'a token is asked about first, so that a dead one is never deleted',
  'github-device-expired': 'the sandbox that consents by itself answers at the second poll, long before the code ends',
  'device-expired': 'the sandbox that consents by itself answers at the second poll, long before the code ends',
  'github-response-type=refused': 'response_type is sent, as RFC 6749 §4.1.1 requires; it was never seen to be refused',
  'prompt-login': 'prompt=login is never sent',
  'incremental-installed': 'include_granted_scopes is never sent',
  'slack-pkce-secret': 'the PKCE app never sends a secret',
  'notion-reconnect': 'told by other-answers-flows.test.ts: it takes two sign-ins',
  'trello-foreign-key': "the client id is refused as a key's shape before anything is sent",
  'microsoft-personal-chat': 'Teams refuses personal accounts before the browser opens',
};
