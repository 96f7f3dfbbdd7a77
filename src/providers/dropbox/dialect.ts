// Dropbox as an OAuth peer.
import type { Provider } from '../../model/provider.ts';
import { dropboxAnswers } from './answers.ts';
import { confidentialGuide, guide } from './guide.ts';
import { scopes } from './scopes.ts';

// The main sources below (read 2026-11):
// https://developers.dropbox.com/oauth-guide ("guide", 2026-09-26)
// https://github.com/dropbox/dropbox-api-spec ("spec")
export const provider: Provider = {
  id: 'dropbox',
  name: 'Dropbox',
  docsUrl: 'https://developers.dropbox.com/oauth-guide',
  // https://www.dropbox.com/.well-known/openid-configuration, as https://www.npmjs.com/package/@wellknown/dropbox keeps it. An
  // id_token was seen with the other spelling.
  issuer: 'https://www.dropbox.com',
  issuerAliases: ['https://api.dropboxapi.com'],
  // userinfo takes a POST only (spec, openid.stone), so it is none of OpenID Connect's. No introspection and no device flow is
  // documented.
  endpoints: {
    authorization: 'https://www.dropbox.com/oauth2/authorize',
    token: 'https://api.dropboxapi.com/oauth2/token',
    revocation: null,
    introspection: null,
    userinfo: null,
    deviceAuthorization: null,
    jwks: 'https://www.dropbox.com/.well-known/jwks',
  },
  kinds: [
    {
      id: 'public',
      name: 'public',
      flows: ['loopback', 'paste'],
      // PKCE takes the place of the secret on exchange and refresh (guide, which says "client id" there by mistake;
      // https://github.com/dropbox/dropbox-sdk-js sends it), and a public client must not ship one
      // (https://github.com/liamvinberg/packbat/issues/37).
      secret: 'never',
      secretIsPublic: false,
      ownRedirect: false,
    },
    {
      id: 'confidential',
      name: 'confidential',
      flows: ['loopback', 'paste'],
      secret: 'always',
      secretIsPublic: false,
      ownRedirect: false,
      // A verifier without a secret, or a secret without a verifier (guide): both together are documented nowhere, and an SDK in
      // Dropbox's own organisation refuses them: https://github.com/dropbox/dropbox-sdk-go-unofficial/pull/148 (2026-07).
      differs: { pkce: 'unsupported', guide: confidentialGuide },
    },
  ],
  // Form fields; Basic is taken too (guide).
  clientAuth: 'post',
  // Compared exactly; https, but for localhost, which is registered all the same (guide; in daily use:
  // https://rclone.org/dropbox/). 127.0.0.1 is in the documentation of one SDK only.
  redirect: { hosts: ['localhost'], ports: 'registered', path: '/callback/dropbox', register: 'uri' },
  // Without redirect_uri the page shows the code (guide; https://github.com/dropbox/dbxcli).
  printed: { redirect: 'omit', prints: 'code' },
  // S256 or plain (guide). Without a secret nothing else proves the client.
  pkce: 'required',
  // Unverified: no `iss` is documented or was seen.
  iss: 'if_present',
  // Without it the app's default holds, and no refresh token comes (guide).
  authorizeParams: { token_access_type: 'offline' },
  scopes,
  lifetimes: {
    // Seen; https://dropbox.tech/developers/using-oauth-2-0-with-offline-access has no number (read 2026-11).
    accessSeconds: 14_400,
    trustSeconds: 300,
    // Refresh tokens live until they are revoked (guide).
    refreshIdleSeconds: null,
    refreshAbsoluteSeconds: null,
    shortGrant: null,
  },
  // The refresh answer has no refresh token, and the old one stays: https://github.com/dropbox/dbxcli
  rotation: 'never',
  answers: dropboxAnswers,
  deadGrantCauses: [
    {
      when: { is: 'always' },
      words:
        'the app was disconnected at https://www.dropbox.com/account/connected_apps, or its grant was revoked by another program',
    },
  ],
  // The same id in token answers and in get_current_account (guide; spec, users.stone). Unverified: a team's token has
  // `team_id` instead, which https://github.com/dropbox/dropbox-sdk-go-unofficial/pull/148 (2026-07) reckons with too.
  account: { idClaims: [], nameClaims: [], idAt: ['/account_id', '/team_id'] },
  // A GET is a 400, and a body is refused: POST with neither body nor content type (spec, users.stone; seen).
  probes: [
    {
      method: 'POST',
      url: 'https://api.dropboxapi.com/2/users/get_current_account',
      token: 'header',
      headers: {},
      body: 'none',
      needsAnyScope: ['account_info.read'],
      accountIdAt: ['/account_id'],
      accountNameAt: ['/email', '/name/display_name'],
      clientIdAt: [],
      scopeAt: [],
      clientAuth: false,
    },
  ],
  revocation: {
    kind: 'rest',
    // Ends the access token of the call, its refresh token and every other access token of that one. It must be a living one,
    // so it is refreshed first where it has expired (spec, auth.stone).
    steps: ['access'],
    call: { method: 'POST', url: 'https://api.dropboxapi.com/2/auth/token/revoke', auth: 'token', body: 'none' },
    clientAuth: false,
    kills: 'grant',
    group: null,
    proof: 'probe',
    // Seen.
    finishAt: 'https://www.dropbox.com/account/connected_apps',
  },
  device: null,
  constraints: [],
  // Shown on Dropbox's own page (guide).
  silentFailures: [
    "redirect_uri is called invalid: the URI is not on the app's Settings tab, byte for byte",
    "the client id is no App key, or public clients are switched off for the app ('Allow public clients')",
    'a scope is not ticked on the Permissions tab, or was not submitted there',
    "the app is in development and takes no other account than its owner's, or no more of them",
  ],
  apiOrigins: ['https://api.dropboxapi.com', 'https://content.dropboxapi.com'],
  // 15 letters and digits, and the secret looks the same (seen).
  clientIdShape: { form: 'alphanumeric', example: 'a1b2c3d4e5f6g7h' },
  // https://dropbox.tech/developers/using-oauth-2-0-with-offline-access
  lookalikes: [
    { of: 'client_id', startsWith: 'sl.', words: 'is an access token' },
    { of: 'client_secret', startsWith: 'sl.', words: 'is an access token' },
  ],
  guide,
  // No published number. https://developers.dropbox.com/error-handling-guide (read 2026-11)
  probesAtOnce: 10,
};
