// Slack as an OAuth peer: a user token and a bot token of one installation, by OAuth v2.
import type { Provider } from '../../model/provider.ts';
import { slackAnswers } from './answers.ts';
import { confidentialGuide, guide } from './guide.ts';
import { scopes } from './scopes.ts';

// The main sources below (read 2026-11):
// https://docs.slack.dev/authentication/installing-with-oauth ("OAuth")
// https://docs.slack.dev/authentication/using-pkce ("PKCE")
// https://docs.slack.dev/authentication/using-token-rotation ("rotation")
const lifetimes = {
  // Without rotation there is no `expires_in` and the token lives until it is revoked; with it 43200 (rotation).
  accessSeconds: null,
  trustSeconds: 300,
  refreshIdleSeconds: null,
  refreshAbsoluteSeconds: null,
  shortGrant: null,
} as const;

const otherWorkspace =
  'invalid_team_for_non_distributed_app: the app belongs to another workspace and its public distribution is not activated';
const approval =
  "the workspace wants an administrator's approval for apps, and shows a request form instead of coming back";

export const provider: Provider = {
  id: 'slack',
  name: 'Slack',
  docsUrl: 'https://docs.slack.dev/authentication/installing-with-oauth',
  // Of Sign in with Slack (https://docs.slack.dev/authentication/sign-in-with-slack/, read 2026-11), whose metadata speaks of
  // other endpoints and scopes than OAuth v2 has; nothing of it is used here.
  issuer: 'https://slack.com',
  // The pair must not be mixed with v2_user/authorize and oauth.v2.user.access (`oauth_authorization_url_mismatch`). This one
  // gives both tokens (OAuth). No introspection and no device flow is documented.
  endpoints: {
    authorization: 'https://slack.com/oauth/v2/authorize',
    token: 'https://slack.com/api/oauth.v2.access',
    revocation: null,
    introspection: null,
    userinfo: null,
    deviceAuthorization: null,
    jwks: null,
  },
  kinds: [
    {
      id: 'pkce',
      name: 'PKCE',
      flows: ['loopback', 'paste'],
      // Left out with PKCE, on refreshing too (PKCE). What Slack does with secret and verifier together is unverified.
      secret: 'never',
      secretIsPublic: false,
      ownRedirect: false,
    },
    {
      id: 'confidential',
      name: 'confidential',
      // Without PKCE, localhost falls under the rules of server redirects, which are https only (PKCE).
      flows: ['paste'],
      secret: 'always',
      secretIsPublic: false,
      ownRedirect: true,
      differs: {
        // PKCE is a setting that makes the app public for good (PKCE).
        pkce: 'unsupported',
        // No end is stated for refresh tokens of apps without PKCE (rotation).
        lifetimes,
        silentFailures: [otherWorkspace, approval],
        guide: confidentialGuide,
      },
    },
  ],
  // Preferred to form fields, which work too. https://docs.slack.dev/reference/methods/oauth.v2.user.access (read 2026-11)
  clientAuth: 'basic',
  // Only the word counts as a desktop redirect, each port is registered, and a path must be the registered one or below it
  // (PKCE; https://github.com/anthropics/claude-code/issues/37714). Whether 127.0.0.1 passes is unverified; whoever has
  // registered it says so with --redirect-uri.
  redirect: { hosts: ['localhost'], ports: 'registered', path: '/callback/slack', register: 'uri' },
  // S256 only (PKCE).
  pkce: 'required',
  // Unverified: no `iss` is documented or was seen.
  iss: 'if_present',
  authorizeParams: {},
  scopes,
  // Without a user scope there is no user token, without a bot scope no bot token. The exchange has the bot's at the top and
  // the user's in `authed_user` (OAuth). A refresh answers with one token, at the top, and its `token_type` tells whose:
  // https://github.com/slackapi/node-slack-sdk/blob/main/packages/oauth/src/install-provider.ts (read 2026-11).
  roles: [
    {
      id: 'user',
      scopeParam: 'user_scope',
      scopePrefix: '',
      at: '/authed_user',
      tokenType: 'user',
      namesAccount: true,
    },
    // auth.test names the bot's own user, not the person who installed it.
    { id: 'bot', scopeParam: 'scope', scopePrefix: 'bot:', at: '', tokenType: 'bot', namesAccount: false },
  ],
  // "All refresh tokens issued to your app will expire in 30 days" (PKCE); each refresh brings a new one.
  lifetimes: { ...lifetimes, refreshIdleSeconds: 2_592_000 },
  // Where there is a refresh token, a used one dies after a short grace (rotation). Whether there is one is a setting of the
  // app; with PKCE and a custom scheme always, for localhost the page is silent, and tokens that rotated with the setting off
  // were seen (2026-08), so: unverified, and what came with the answer decides.
  rotation: 'always',
  // Unverified: what Cancel is called. Both names mean it.
  alsoDeclined: ['user_denied'],
  answers: slackAnswers,
  // Likelihoods: the names say that a token is dead, and not why (PKCE, rotation).
  deadGrantCauses: [
    {
      when: { is: 'idle_over' },
      words: 'it was not refreshed for 30 days, after which Slack ends the refresh tokens of an app with PKCE',
    },
    {
      when: { is: 'always' },
      words:
        'the app was removed from the workspace, the account was deactivated, or another program refreshed the same grant: Slack keeps two tokens and ends the oldest',
    },
  ],
  // Enterprise, workspace, person: the same text here and from auth.test below. An installation in a whole organisation has
  // no `team` here (OAuth), and what auth.test has as `team_id` then is unverified: so only auth.test tells whose that is.
  account: {
    idClaims: [],
    nameClaims: [],
    idAt: ['{/enterprise/id}:{/team/id}:{/authed_user/id}', '{/team/id}:{/authed_user/id}'],
  },
  // Needs no scope. https://docs.slack.dev/reference/methods/auth.test (read 2026-11)
  probes: [
    {
      method: 'POST',
      url: 'https://slack.com/api/auth.test',
      token: 'header',
      headers: {},
      body: 'none',
      needsAnyScope: [],
      accountIdAt: ['{/enterprise_id}:{/team_id}:{/user_id}', '{/team_id}:{/user_id}', '{/enterprise_id}:{/user_id}'],
      accountNameAt: ['{/user} ({/team})', '/user'],
      clientIdAt: [],
      scopeAt: [],
      // On every answer of the Web API (OAuth).
      scopesHeader: 'x-oauth-scopes',
      clientAuth: false,
    },
  ],
  revocation: {
    kind: 'rest',
    // With rotation it ends that one token, an access or a refresh token, and the app stays installed; without it usually the
    // whole authorization (rotation). So both are sent, first the one that would make new ones.
    steps: ['refresh', 'access'],
    call: { method: 'POST', url: 'https://slack.com/api/auth.revoke', auth: 'token', body: 'none' },
    clientAuth: false,
    kills: 'token',
    group: {
      id: 'slack-installation',
      says: 'without token rotation Slack usually ends the whole authorization of the app and the person',
      withoutRefresh: true,
    },
    proof: 'probe',
    finishAt: 'https://slack.com/apps/manage',
    leaves: 'the app may stay installed in the workspace: remove it at https://slack.com/apps/manage',
  },
  device: null,
  constraints: [
    {
      scopeOfRole: 'bot',
      redirect: 'loopback',
      // "Desktop redirects are not allowed to request bot scopes" (PKCE).
      words:
        'Slack gives no bot token to a sign-in that comes back to this machine: bot tokens come by an https redirect URI of your own, whose final address you paste. Set such an app with --redirect-uri, then connect with --app bot --paste',
      hint: 'oauthctl app set slack --name bot --kind confidential',
    },
    {
      anyScope: ['openid', 'email', 'profile'],
      // https://docs.slack.dev/authentication/sign-in-with-slack/ (read 2026-11)
      words:
        'openid, email and profile belong to Sign in with Slack, which has endpoints of its own and goes with no other scope; who you are is told without them',
      hint: 'oauthctl connect slack',
    },
  ],
  // All of it is shown on Slack's own page (OAuth).
  silentFailures: [
    "bad_redirect_uri, or 'did not match any configured URIs': PKCE was not switched on before the URL was added, or the port is not one of those registered",
    otherWorkspace,
    approval,
  ],
  apiOrigins: ['https://slack.com'],
  // Two numbers with a dot between; nothing of that is documented.
  clientIdShape: null,
  // Prefixes: https://docs.slack.dev/authentication/tokens (read 2026-11). The rest is as App Credentials shows it.
  lookalikes: [
    { of: 'client_id', startsWith: 'A0', words: 'is the App ID: copy the Client ID, two numbers with a dot between' },
    {
      of: 'client_id',
      form: 'hex32',
      words: 'is a secret of the app: copy the Client ID, and since it was typed in the open, make a new secret',
    },
    { of: 'client_id', startsWith: 'xox', words: 'is a token' },
    { of: 'client_secret', startsWith: 'xox', words: 'is a token' },
    { of: 'client_secret', startsWith: 'xapp-', words: 'is an app-level token' },
  ],
  guide,
  // "Hundreds of requests per minute" for auth.test. https://docs.slack.dev/reference/methods/auth.test (read 2026-11)
  probesAtOnce: 10,
};
