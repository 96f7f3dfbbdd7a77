// GitHub as an OAuth peer, for OAuth Apps and for the user tokens of GitHub Apps.
import type { Lookalike, Probe, Provider } from '../../model/provider.ts';
import { githubAnswers } from './answers.ts';
import { githubAppGuide, guide } from './guide.ts';
import { noScopes, scopes } from './scopes.ts';

// The main sources below (read 2026-11):
// https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps ("OAuth Apps")
// https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app ("GitHub Apps")
// https://docs.github.com/en/rest/apps/oauth-applications ("REST")
const restHeaders = { accept: 'application/vnd.github+json', 'x-github-api-version': '2026-03-10' };

/** No scope is needed. `id` stays, `login` changes with the person's wish, `email` may be null (OAuth Apps). */
const probe: Probe = {
  method: 'GET',
  url: 'https://api.github.com/user',
  token: 'header',
  headers: restHeaders,
  needsAnyScope: [],
  accountIdAt: ['/id'],
  accountNameAt: ['/login'],
  clientIdAt: [],
  scopeAt: [],
  clientAuth: false,
};

/** Of both kinds of app. */
const lookalikes: readonly Lookalike[] = [
  { of: 'client_id', form: 'digits', words: 'is the App ID: copy the Client ID beside it' },
  // Of hexadecimal digits a secret has 40, an older id 20.
  // https://github.com/trufflesecurity/trufflehog/blob/main/pkg/detectors/github_oauth2/github_oauth2.go (read 2026-11)
  {
    of: 'client_id',
    form: 'hex40',
    words: 'is a client secret: the two were swapped. Since it was typed in the open, make a new secret',
  },
  // Prefixes: https://docs.github.com/en/rest/credentials/revoke (read 2026-11)
  { of: 'client_id', startsWith: 'gho_', words: 'is an access token' },
  { of: 'client_secret', startsWith: 'gho_', words: 'is an access token' },
  { of: 'client_secret', startsWith: 'ghu_', words: 'is an access token' },
  { of: 'client_secret', startsWith: 'ghr_', words: 'is a refresh token' },
  { of: 'client_secret', startsWith: 'ghp_', words: 'is a personal access token' },
  { of: 'client_secret', startsWith: 'github_pat_', words: 'is a personal access token' },
  {
    of: 'client_secret',
    startsWith: '-----BEGIN',
    words: "is a GitHub App's private key, which signs in as the app",
  },
];

const withoutSecret = {
  secret: 'absent',
  // Wanted with PKCE too (OAuth Apps).
  words: 'GitHub wants the client secret from an app that signs in by browser',
  hint: 'oauthctl app set github --client-secret-stdin, or sign in with --device, which needs none',
} as const;

export const provider: Provider = {
  id: 'github',
  name: 'GitHub',
  docsUrl: 'https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps',
  // With its path: the metadata stands at /.well-known/oauth-authorization-server/login/oauth, and the form without is a 404.
  // https://docs.github.com/en/apps/github-authentication-discovery-endpoints (read 2026-11)
  issuer: 'https://github.com/login/oauth',
  // The metadata has no endpoint for revocation, introspection or userinfo, and no id_token is ever issued (same page).
  endpoints: {
    authorization: 'https://github.com/login/oauth/authorize',
    token: 'https://github.com/login/oauth/access_token',
    revocation: null,
    introspection: null,
    userinfo: null,
    deviceAuthorization: 'https://github.com/login/device/code',
    jwks: null,
  },
  kinds: [
    {
      id: 'oauth-app',
      name: 'OAuth',
      flows: ['loopback', 'paste', 'device'],
      // GitHub knows no public clients; the device flow alone does without (OAuth Apps).
      secret: 'optional',
      secretIsPublic: false,
      ownRedirect: false,
    },
    {
      id: 'github-app',
      name: 'GitHub',
      flows: ['loopback', 'paste', 'device'],
      secret: 'optional',
      secretIsPublic: false,
      ownRedirect: false,
      differs: {
        // Exact matching, and nothing is said of loopback ports.
        // https://docs.github.com/en/apps/creating-github-apps/registering-a-github-app/about-the-user-authorization-callback-url (read 2026-11)
        redirect: { hosts: ['127.0.0.1'], ports: 'registered', path: '/callback/github', register: 'uri' },
        scopes: noScopes,
        probes: [probe],
        lookalikes: [
          ...lookalikes,
          // https://github.com/bitrouter/bitrouter/issues/307 (2026-04) has an OAuth App's.
          { of: 'client_id', startsWith: 'Ov', words: "is an OAuth App's: leave --kind github-app out" },
        ],
        guide: githubAppGuide,
      },
    },
  ],
  // Form fields (OAuth Apps); Basic at the token endpoint is unverified.
  clientAuth: 'post',
  // The default is a form.
  tokenHeaders: { accept: 'application/json' },
  // Any port on the literal, without one in the registered URI; `localhost` is discouraged (OAuth Apps).
  redirect: { hosts: ['127.0.0.1'], ports: 'any', path: '/callback/github', register: 'uri' },
  // S256 only, since 2025-07-14; a challenge that was sent is enforced.
  // https://github.blog/changelog/2025-07-14-pkce-support-for-oauth-and-github-app-authentication
  pkce: 'supported',
  // Callbacks of 2026 carry it and the metadata advertises it
  // (https://github.com/api-evangelist/github-copilot/blob/main/well-known/github-copilot-github-oauth-authorization-server.json);
  // other hosts of GitHub's may leave it out.
  iss: 'if_present',
  // The account to propose (OAuth Apps).
  paramNames: { login_hint: 'login' },
  authorizeParams: {},
  scopes,
  lifetimes: {
    // Without `expires_in` a token does not end by itself (OAuth Apps).
    accessSeconds: null,
    trustSeconds: 300,
    // Six months, from the answer that brought it: refresh_token_expires_in 15897600.
    // https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens (read 2026-11)
    refreshIdleSeconds: 15_897_600,
    refreshAbsoluteSeconds: null,
    // "Not used in one year".
    // https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/token-expiration-and-revocation (read 2026-11)
    accessIdleSeconds: 31_536_000,
    shortGrant: null,
  },
  // Once used, neither the old refresh token nor the old access token works (OAuth Apps, GitHub Apps).
  rotation: 'always',
  oldAccessDies: true,
  answers: githubAnswers,
  // https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/token-expiration-and-revocation (read 2026-11)
  deadGrantCauses: [
    { when: { is: 'idle_over' }, words: 'it was not used for six months, after which its refresh token ends' },
    {
      when: { is: 'always' },
      words:
        'access was removed at https://github.com/settings/applications, another program spent the refresh token, a token was pushed to a public repository, or ten newer sign-ins with this app pushed it out',
    },
  ],
  account: { idClaims: [], nameClaims: [] },
  // What the token may do comes in the same answer, for OAuth Apps.
  // https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps (read 2026-11)
  probes: [{ ...probe, scopesHeader: 'x-oauth-scopes' }],
  revocation: {
    kind: 'rest',
    // Wants a living access token; one that has ended is refreshed first (REST; unverified what a dead one is answered).
    steps: ['access'],
    call: {
      method: 'DELETE',
      url: 'https://api.github.com/applications/{client_id}/grant',
      auth: 'basic',
      headers: restHeaders,
      body: { json: { access_token: '{token}' } },
    },
    clientAuth: true,
    needsSecret: true,
    kills: 'group',
    group: {
      id: 'github-app-and-account',
      says: 'GitHub takes back every token that this app holds for the account, and the SSH and deploy keys that the app made',
    },
    // Asked as often as one likes: it does not count as a failed sign-in (REST).
    proof: 'check',
    check: {
      call: {
        method: 'POST',
        url: 'https://api.github.com/applications/{client_id}/token',
        auth: 'basic',
        headers: restHeaders,
        body: { json: { access_token: '{token}' } },
      },
      deadStatus: 404,
    },
    // OAuth Apps; unverified for GitHub Apps.
    finishAt: 'https://github.com/settings/connections/applications/{client_id}',
    leaves:
      'the app itself stays registered, and a GitHub App stays installed where it is: https://github.com/settings/installations',
  },
  // OAuth Apps; the switch is in the app's settings.
  device: {
    kind: null,
    scopes: null,
    uriAt: 'verification_uri',
    secretAtPoll: false,
    // "Required unless the token came from the device flow".
    secretAtRefresh: false,
    pending: ['authorization_pending'],
    slowDown: ['slow_down'],
    declined: ['access_denied'],
    // The page has both names.
    expired: ['expired_token', 'token_expired'],
  },
  constraints: [
    { flow: 'loopback', ...withoutSecret },
    { flow: 'paste', ...withoutSecret },
    {
      kind: 'github-app',
      scopeOfRole: 'access',
      // `scope` is ignored (GitHub Apps).
      words: 'a GitHub App takes no scopes: its permissions stand in its registration',
      hint: 'leave --scope out, or register an OAuth App',
    },
  ],
  // GitHub sends the browser to the registered URL then, which is not where we listen. Unverified: the page for an unknown client.
  // https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-authorization-request-errors (read 2026-11)
  silentFailures: [
    'redirect_uri_mismatch: the redirect URI is none of the callback URLs that the app has registered; its path counts, and for a GitHub App its port too',
    'the client id is unknown, which GitHub answers with a page that says 404',
  ],
  apiOrigins: ['https://api.github.com'],
  // Two alphabets are about (20 hexadecimal digits; a prefix such as Ov23li or Iv1.), and nobody documents them.
  clientIdShape: null,
  lookalikes: [
    ...lookalikes,
    // https://github.blog/changelog/2024-05-01-github-apps-can-now-use-the-client-id-to-fetch-installation-tokens
    { of: 'client_id', startsWith: 'Iv', words: "is a GitHub App's: add --kind github-app" },
  ],
  guide,
  // 100 at once are allowed for all of a person's apps. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
  probesAtOnce: 20,
};
