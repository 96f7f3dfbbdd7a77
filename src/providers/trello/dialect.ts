// Trello as an OAuth peer: OAuth 2.0 at Atlassian, and the older grant of a key whose token comes in the fragment.
import type { KindDifferences, Lookalike, Probe, Provider, RedirectRule, Revocation } from '../../model/provider.ts';
import { trelloAnswers } from './answers.ts';
import { guide, legacyGuide } from './guide.ts';
import { legacyScopes, scopes } from './scopes.ts';

// The main sources below (read 2026-11):
// https://developer.atlassian.com/cloud/trello/guides/rest-api/oauth-2-confidential-client-usage/ ("OAuth 2.0")
// https://developer.atlassian.com/cloud/oauth/getting-started/refresh-tokens/ ("refresh")
// https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/ ("legacy")
// https://github.com/rwjdk/trello-dotnet/wiki/OAuth-2.0 (2026-09), a working client ("seen")

// The callback is compared exactly; which loopback spelling the console takes is unverified. `localhost` was seen to work with
// a public client (https://glama.ai/mcp/servers/devinsba/trello-mcp), and a note on the same console has it refuse the word and
// take 127.0.0.1 (https://github.com/sectapunterx/heap). So the guide names both, and --redirect-uri chooses.
const redirect: RedirectRule = {
  hosts: ['localhost', '127.0.0.1'],
  ports: 'registered',
  path: '/callback/trello',
  register: 'uri',
};

const member: Probe = {
  method: 'GET',
  // https://github.com/ln5freetom/trello-oauth2 (2026)
  url: 'https://api.trello.com/1/members/me?fields=id,username,fullName',
  token: 'header',
  headers: {},
  needsAnyScope: ['read:member:trello'],
  accountIdAt: ['/id'],
  accountNameAt: ['/fullName', '/username'],
  clientIdAt: [],
  scopeAt: [],
  clientAuth: false,
};

const revocation: Revocation = {
  kind: 'rfc7009',
  // In the metadata of Atlassian's authorization server; whether it takes the tokens of a Trello client is unverified, so both
  // are sent, a failure is no error, and the access token is asked afterwards.
  steps: ['refresh', 'access'],
  clientAuth: true,
  bestEffort: true,
  kills: 'token',
  group: null,
  proof: 'probe',
  // Seen, for Atlassian's apps in general; https://trello.com/u/USERNAME/account lists Trello's.
  finishAt: 'https://id.atlassian.com/manage-profile/apps',
};

// Key and secret look alike (https://github.com/sectapunterx/heap); newer tokens begin with ATTA (seen:
// https://github.com/turbot/steampipe-plugin-trello/blob/main/config/trello.spc).
const lookalikes: readonly Lookalike[] = [
  {
    of: 'client_id',
    form: 'hex64',
    words: 'is the secret beside the API key, or a token: the key has 32 hexadecimal digits',
  },
  { of: 'client_id', startsWith: 'ATTA', words: 'is a token' },
  { of: 'client_secret', startsWith: 'ATTA', words: 'is a token' },
];

const legacy: KindDifferences = {
  issuer: 'https://trello.com',
  endpoints: {
    authorization: 'https://trello.com/1/authorize',
    token: null,
    revocation: null,
    introspection: null,
    userinfo: null,
    deviceAuthorization: null,
    jwks: null,
  },
  // Allowed Origins of the key: the origin with its port, no path. The grant has no `state`
  // (https://github.com/sectapunterx/heap, https://github.com/natterstefan/react-trello-multiboard/issues/23).
  redirect: { ...redirect, register: 'origin', stateIn: 'path' },
  pkce: 'unsupported',
  paramNames: { client_id: 'key', redirect_uri: 'return_url' },
  // The names are Trello's own (legacy).
  authorizeParams: { response_type: 'token', callback_method: 'fragment', name: 'oauthctl', expiration: '30days' },
  paramChoices: { expiration: ['1hour', '1day', '30days', 'never'] },
  // Without `return_url` Trello shows the token, and wants no Allowed Origin (seen: https://github.com/sectapunterx/heap).
  // Published examples of that leave `callback_method` out; unverified whether Trello would mind it.
  printed: { redirect: 'omit', prints: 'token', leavesOut: ['callback_method'] },
  scopes: legacyScopes,
  // The end is fixed at consent, and only the token's own page tells it: null for `never`.
  lifetimes: {
    accessSeconds: null,
    trustSeconds: 300,
    refreshIdleSeconds: null,
    refreshAbsoluteSeconds: null,
    shortGrant: null,
  },
  rotation: 'never',
  // Key and token may stand in the query too, where everything on the way logs them (legacy).
  apiAuth: 'OAuth oauth_consumer_key="{client_id}", oauth_token="{access_token}"',
  // The path is Trello's own (https://developer.atlassian.com/cloud/trello/rest/api-group-tokens/, read 2026-11), the members
  // were seen: https://mrrefactoring.github.io/trello.js/recipes/tokens.
  probes: [
    {
      ...member,
      url: 'https://api.trello.com/1/tokens/{access_token}',
      needsAnyScope: [],
      accountIdAt: ['/idMember'],
      accountNameAt: [],
      expiresAt: '/dateExpires',
    },
  ],
  // For the name.
  apiProbe: { ...member, needsAnyScope: ['read'] },
  // Later calls are answered 401 `invalid token` (seen, same recipes).
  revocation: {
    kind: 'rest',
    steps: ['access'],
    call: { method: 'DELETE', url: 'https://api.trello.com/1/tokens/{token}', auth: 'api', body: 'none' },
    clientAuth: false,
    kills: 'grant',
    group: null,
    proof: 'probe',
    // Under 'Applications': https://support.atlassian.com/trello/docs/revoking-a-trello-token (read 2026-11)
    finishAt: 'https://trello.com/my/account',
  },
  silentFailures: [
    "'Invalid return_url', or a page that does nothing: the origin, with its port, is not among the key's Allowed Origins",
    'a page that knows no such app: the client id is no API key, but an OAuth 2.0 client id or the secret beside the key',
  ],
  // As the apps administration shows it; the secret beside it has 64 digits.
  clientIdShape: { form: 'hex32', example: '0123456789abcdef0123456789abcdef' },
  lookalikes,
  guide: legacyGuide,
};

export const provider: Provider = {
  id: 'trello',
  name: 'Trello',
  docsUrl: 'https://developer.atlassian.com/cloud/trello/guides/rest-api/oauth-2-getting-started/',
  issuer: 'https://auth.atlassian.com',
  // Seen, and the same as for Atlassian's other products (refresh). Trello's OpenAPI file has another token URL, which no
  // working client uses: https://github.com/api-evangelist/trello. No introspection and no device flow is documented.
  endpoints: {
    authorization: 'https://auth.atlassian.com/authorize',
    token: 'https://auth.atlassian.com/oauth/token',
    revocation: 'https://auth.atlassian.com/oauth/revoke',
    introspection: null,
    userinfo: null,
    deviceAuthorization: null,
    jwks: null,
  },
  kinds: [
    {
      id: 'oauth2',
      name: 'OAuth 2.0',
      flows: ['loopback', 'paste'],
      // A client is public, without a secret, or confidential, and then the secret is sent on exchange and refresh.
      // https://developer.atlassian.com/cloud/trello/scopes-for-oauth-2-3LO-and-forge-apps/ (read 2026-11)
      secret: 'optional',
      secretIsPublic: false,
      ownRedirect: false,
    },
    {
      id: 'legacy',
      name: 'legacy key',
      // A page on this machine hands the fragment over.
      flows: ['fragment', 'paste'],
      secret: 'never',
      secretIsPublic: false,
      ownRedirect: false,
      differs: legacy,
    },
  ],
  // Members of the JSON body (seen).
  clientAuth: 'post',
  tokenBody: 'json',
  redirect,
  // "Trello has adopted PKCE" for its OAuth 2.0 flow (OAuth 2.0).
  pkce: 'required',
  // Unverified: no `iss` is documented or was seen.
  iss: 'if_present',
  // Seen. There is no choice of a site as with Jira (OAuth 2.0), and no working client sends `audience`.
  authorizeParams: { prompt: 'consent' },
  scopes,
  lifetimes: {
    // Seen.
    accessSeconds: 3600,
    trustSeconds: 300,
    // 90 days unused (seen, and said of Jira's apps by Atlassian's staff, with an absolute 365 days that is unverified here:
    // https://community.developer.atlassian.com/t/refresh-token-expire-after-36000-seconds/60806/2).
    refreshIdleSeconds: 7_776_000,
    refreshAbsoluteSeconds: null,
    shortGrant: null,
  },
  // The old one is good for nothing once used (refresh). An answer without a new one was seen now and then; the stored one stays then:
  // https://community.developer.atlassian.com/t/oauth-rotating-tokens-unknown-or-invalid-refresh-token/54555
  rotation: 'always',
  answers: trelloAnswers,
  // Likelihoods; a changed password is said by (refresh).
  deadGrantCauses: [
    { when: { is: 'idle_over' }, words: 'it was not refreshed for 90 days, after which Atlassian ends a grant' },
    {
      when: { is: 'always' },
      words:
        "access was taken back in the account's settings, the account's password was changed, the token reached its end date, or another program used the refresh token up",
    },
  ],
  account: { idClaims: [], nameClaims: [] },
  probes: [member],
  revocation,
  device: null,
  constraints: [
    {
      kind: 'oauth2',
      anyScope: Object.keys(legacyScopes.known),
      words:
        "read, write and account are scopes of Trello's older keys; OAuth 2.0 has others, such as read:board:trello. For the older ones, set a key and connect with --app key",
      hint: 'oauthctl app set trello --name key --kind legacy',
    },
    {
      kind: 'legacy',
      anyScope: Object.keys(scopes.known),
      words: 'this scope belongs to OAuth 2.0; a key of the older kind knows read, write and account',
      hint: 'oauthctl provider guide trello',
    },
  ],
  // Atlassian shows a page of its own.
  silentFailures: [
    "a page of Atlassian's says that something went wrong: the client id is unknown there, as an API key of the older kind is (those want --kind legacy), or a scope is not ticked for the client",
  ],
  apiOrigins: ['https://api.trello.com'],
  clientIdShape: null,
  lookalikes: [
    ...lookalikes,
    { of: 'client_id', form: 'hex32', words: 'is an API key of the older kind: add --kind legacy' },
  ],
  guide,
  // 300 in 10 seconds for a key, 100 for a token.
  // https://developer.atlassian.com/cloud/trello/guides/rest-api/rate-limits/ (read 2026-11)
  probesAtOnce: 10,
};
