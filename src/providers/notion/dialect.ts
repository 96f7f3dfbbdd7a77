// Notion as an OAuth peer: a public connection.
import type { Provider } from '../../model/provider.ts';
import { notionAnswers } from './answers.ts';
import { guide } from './guide.ts';
import { scopes } from './scopes.ts';

// The main source below: https://developers.notion.com/guides/get-started/authorization ("guide", 2026-09-26, read 2026-11)
// Wanted by the API, by introspection and by revocation; the token endpoint takes it as well (guide).
const version = { 'notion-version': '2026-03-11' };

export const provider: Provider = {
  id: 'notion',
  name: 'Notion',
  docsUrl: 'https://developers.notion.com/guides/get-started/authorization',
  // There is no metadata on this host (https://github.com/api-evangelist/notion, 2026), so no issuer is documented either:
  // the host stands for it. https://mcp.notion.com, which has metadata, PKCE and public clients, is another resource.
  issuer: 'https://api.notion.com',
  endpoints: {
    authorization: 'https://api.notion.com/v1/oauth/authorize',
    token: 'https://api.notion.com/v1/oauth/token',
    revocation: null,
    // https://developers.notion.com/reference/introspect-token (read 2026-11)
    introspection: 'https://api.notion.com/v1/oauth/introspect',
    userinfo: null,
    deviceAuthorization: null,
    jwks: null,
  },
  kinds: [
    {
      id: 'public',
      name: 'public connection',
      flows: ['loopback', 'paste'],
      // In every call of the app (guide).
      secret: 'always',
      secretIsPublic: false,
      ownRedirect: false,
    },
  ],
  // HTTP Basic of id and secret as they are, and a JSON body, on token, introspection and revocation (guide;
  // https://github.com/makenotion/notion-sdk-js).
  clientAuth: 'basic-raw',
  tokenBody: 'json',
  tokenHeaders: version,
  // Compared exactly (guide). localhost was proved end to end on 2026-08-29 although the form speaks of https
  // (https://github.com/Qiuyi-Hong/notion2attioBackend/issues/14), 127.0.0.1 is refused
  // (https://github.com/vellum-ai/vellum-assistant/pull/16495, 2026-03).
  redirect: { hosts: ['localhost'], onlyHosts: true, ports: 'registered', path: '/callback/notion', register: 'uri' },
  // Not in the documentation (guide; https://github.com/JamesNZL/notion-oauth-pkce). Unverified whether a challenge is ignored
  // or refused, so none is sent.
  pkce: 'unsupported',
  // Unverified: no `iss` is documented or was seen.
  iss: 'if_present',
  // Wanted (guide).
  authorizeParams: { owner: 'user' },
  scopes,
  lifetimes: {
    // The answer has no `expires_in`, and no lifetime is documented (https://github.com/vm0-ai/vm0/issues/2723): a token is
    // believed for a while after Notion last took it, and refreshed when it is refused.
    accessSeconds: null,
    trustSeconds: 300,
    refreshIdleSeconds: null,
    refreshAbsoluteSeconds: null,
    shortGrant: null,
  },
  // Both tokens are new (guide). Whether a refresh token comes at all is unverified: the guide says so, the SDK's type has
  // null (https://github.com/makenotion/notion-sdk-js/blob/main/src/api-endpoints/oauth.ts), and a switch 'Token rotation' is
  // said to decide. A grant without one lives as long as its access token.
  rotation: 'always',
  answers: notionAnswers,
  deadGrantCauses: [
    {
      when: { is: 'always' },
      words:
        "the connection was removed in Notion's settings, under 'Connections', by you or an administrator, or another program used the refresh token up",
    },
  ],
  // Who consented and where; `bot_id` where a whole workspace did, since no person is named then (guide, and the SDK's type).
  account: {
    idClaims: [],
    nameClaims: [],
    idAt: ['{/workspace_id}:{/owner/user/id}', '{/workspace_id}:{/bot_id}'],
    nameAt: ['{/owner/user/name} ({/workspace_name})', '/workspace_name'],
  },
  // Needs no capability. https://developers.notion.com/reference/get-self (read 2026-11). Older answers have no `workspace_id`
  // (seen); then the id is not told, which is better than another text for the same account.
  probes: [
    {
      method: 'GET',
      url: 'https://api.notion.com/v1/users/me',
      token: 'header',
      headers: version,
      needsAnyScope: [],
      accountIdAt: ['{/bot/workspace_id}:{/bot/owner/user/id}', '{/bot/workspace_id}:{/id}'],
      accountNameAt: ['{/bot/owner/user/name} ({/bot/workspace_name})', '/bot/workspace_name'],
      clientIdAt: [],
      scopeAt: [],
      clientAuth: false,
    },
  ],
  revocation: {
    kind: 'rest',
    // https://developers.notion.com/reference/revoke-token (read 2026-11) speaks of the access token. Unverified whether its
    // refresh token dies with it, so that is sent too, and both ends are proved by introspection.
    steps: ['access', 'refresh'],
    call: {
      method: 'POST',
      url: 'https://api.notion.com/v1/oauth/revoke',
      auth: 'client',
      headers: version,
      body: { json: { token: '{token}' } },
    },
    clientAuth: true,
    kills: 'token',
    group: null,
    proof: 'introspect',
    finishAt: 'https://www.notion.com/help/add-and-manage-connections-with-the-api',
    // Unverified.
    leaves: "the pages may stay shared with the connection until you disconnect it in Notion's settings",
  },
  device: null,
  constraints: [
    {
      scopeOfRole: 'access',
      words:
        "Notion has no scopes: what a connection may do is set under 'Capabilities' in its portal, and which pages it sees is chosen at the sign-in",
      hint: 'oauthctl connect notion',
    },
  ],
  // Shown on Notion's own page (guide).
  silentFailures: [
    "'Missing or invalid redirect_uri': the URI is not in the connection's list, or is spelled with 127.0.0.1",
    'the client id is wrong, or the connection is installable in selected workspaces only, and this is none of them',
  ],
  apiOrigins: ['https://api.notion.com'],
  // As the portal shows it, and the examples of the guide.
  clientIdShape: { form: 'uuid', example: '463558a3-725e-4f37-b6d3-0889894f68de' },
  // https://developers.notion.com/page/changelog; `secret_` begins older tokens as well as secrets, so it tells neither.
  lookalikes: [
    { of: 'client_secret', startsWith: 'ntn_', words: 'is an access token' },
    { of: 'client_secret', startsWith: 'nrt_', words: 'is a refresh token' },
    { of: 'client_secret', form: 'uuid', words: 'is a client id: the two were swapped' },
  ],
  clientSecretPrefixes: ['secret_'],
  guide,
  // Older pages have about three requests a second; the budget of a plan is not published.
  // https://developers.notion.com/reference/request-limits (read 2026-11)
  probesAtOnce: 3,
};
