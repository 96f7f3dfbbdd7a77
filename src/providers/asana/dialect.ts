// Asana as an OAuth peer.
import type { Provider } from '../../model/provider.ts';
import { asanaAnswers } from './answers.ts';
import { guide } from './guide.ts';
import { identityScopes, scopes } from './scopes.ts';

// The main source below: https://developers.asana.com/docs/oauth ("OAuth", read 2026-11)
export const provider: Provider = {
  id: 'asana',
  name: 'Asana',
  docsUrl: 'https://developers.asana.com/docs/oauth',
  // The metadata stands below it (OpenID Connect Discovery 1.0 §4), at
  // https://app.asana.com/api/1.0/.well-known/openid-configuration: https://developers.asana.com/docs/openid-connect (read 2026-11).
  issuer: 'https://app.asana.com/api/1.0',
  // The keys' address was seen in a client's settings only (2026); it matters to whoever asks for `openid`. An introspection
  // endpoint is said to exist (unverified, no address known), a device flow is not documented.
  endpoints: {
    authorization: 'https://app.asana.com/-/oauth_authorize',
    token: 'https://app.asana.com/-/oauth_token',
    revocation: null,
    introspection: null,
    userinfo: 'https://app.asana.com/api/1.0/openid_connect/userinfo',
    deviceAuthorization: null,
    jwks: 'https://app.asana.com/api/1.0/openid_connect/jwks',
  },
  kinds: [
    {
      id: 'native',
      name: 'native',
      flows: ['loopback', 'paste'],
      // Wanted on exchange, refresh and revocation, PKCE or not (OAuth); Asana's own PKCE sample sends both:
      // https://github.com/Asana/devrel-examples (javascript/pkce_oauth). Unverified whether PKCE alone would do.
      secret: 'always',
      secretIsPublic: false,
      ownRedirect: false,
    },
  ],
  // Form fields (OAuth).
  clientAuth: 'post',
  // https, or the oob URN for native apps (OAuth). http on this machine was seen to be taken, compared exactly with port and
  // trailing slash (https://github.com/sectapunterx/heap, 2026-09), and Asana's own samples use http://localhost
  // (https://github.com/Asana/devrel-examples). So loopback first, and the URN by --redirect-uri.
  redirect: { hosts: ['127.0.0.1'], ports: 'registered', path: '/callback/asana', register: 'uri' },
  // The page shows a code to paste (OAuth; https://github.com/Asana/ruby-asana).
  printed: { redirect: 'urn:ietf:wg:oauth:2.0:oob', prints: 'code' },
  // S256 (OAuth): support, not enforcement.
  pkce: 'supported',
  // Unverified: no `iss` is documented or was seen.
  iss: 'if_present',
  authorizeParams: {},
  scopes,
  lifetimes: {
    // `expires_in` 3600 (OAuth).
    accessSeconds: 3600,
    trustSeconds: 300,
    // No end is documented.
    refreshIdleSeconds: null,
    refreshAbsoluteSeconds: null,
    shortGrant: null,
  },
  // A refresh token is documented with the code's exchange only (OAuth). Unverified whether a refresh brings one: a new one is
  // kept, and without one the old one stays.
  rotation: 'unknown',
  answers: asanaAnswers,
  deadGrantCauses: [
    {
      when: { is: 'always' },
      words:
        "access was removed in Asana's settings, under 'Apps', or the app itself was deleted in the developer console",
    },
  ],
  // `data` comes beside the tokens, with `id` in the documentation and `gid` on the wire (OAuth; seen). Never by the id_token:
  // it would have to be the same text, and that is unverified.
  account: {
    idClaims: [],
    nameClaims: [],
    idAt: ['/data/gid', '/data/id'],
    nameAt: ['/data/email', '/data/name'],
  },
  // https://developers.asana.com/reference/getuser (read 2026-11)
  probes: [
    {
      method: 'GET',
      url: 'https://app.asana.com/api/1.0/users/me',
      token: 'header',
      headers: {},
      needsAnyScope: ['users:read', 'default'],
      accountIdAt: ['/data/gid', '/data/id'],
      accountNameAt: ['/data/email', '/data/name'],
      clientIdAt: [],
      scopeAt: [],
      clientAuth: false,
    },
  ],
  revocation: {
    kind: 'rest',
    // The refresh token only, with the app's credentials; an access token is a 400. It ends the refresh token and its access
    // tokens. 200 is the answer to an unknown token as well, so what it says is proved by asking (OAuth).
    steps: ['refresh'],
    call: {
      method: 'POST',
      url: 'https://app.asana.com/-/oauth_revoke',
      auth: 'client',
      body: { form: { token: '{token}' } },
    },
    clientAuth: true,
    kills: 'grant',
    group: null,
    proof: 'probe',
    // A list in the person's settings, under 'Apps', which has no documented address.
    finishAt: null,
  },
  device: null,
  constraints: [
    {
      anyScope: ['default'],
      besidesOtherThan: identityScopes,
      // https://developers.asana.com/docs/oauth-scopes (read 2026-11)
      words:
        "'default' means full permissions, and Asana refuses it beside granular scopes: an app is set to one or the other",
      hint: "--scope default alone for an app with 'Full permissions', otherwise the granular scopes without it",
    },
  ],
  // A wrong client id or redirect URI ends on a plain page of Asana's, never in a redirect (OAuth).
  silentFailures: [
    "the plain error page speaks of redirect_uri: the URI is not on the app's OAuth tab, byte for byte",
    'the plain error page says that client_id is missing or invalid: the client id is wrong, or the app is not distributed to this workspace',
    "the app has 'native or command-line app' switched on, which takes the oob redirect only",
  ],
  apiOrigins: ['https://app.asana.com'],
  // A number (OAuth has one in its examples); the secret has 32 hexadecimal digits (seen).
  clientIdShape: { form: 'digits', example: '1207654321098765' },
  lookalikes: [
    {
      of: 'client_id',
      form: 'hex32',
      words: 'is a client secret: the two were swapped. Since it was typed in the open, make a new secret',
    },
    { of: 'client_secret', form: 'digits', words: 'is a client id: the two were swapped' },
    // Access tokens and personal ones begin with a number and a slash (seen).
    { of: 'client_secret', startsWith: '0/', words: 'is a personal access token' },
    { of: 'client_secret', startsWith: '1/', words: 'is an access token' },
    { of: 'client_secret', startsWith: '2/', words: 'is an access token' },
  ],
  guide,
  // 50 reads at once. https://developers.asana.com/docs/rate-limits (read 2026-11)
  probesAtOnce: 20,
};
