// What every Google product shares as an OAuth peer. A product spreads this and adds its own scopes, API and guide.
import type { GuideStep, KindRule, Provider } from '../../model/provider.ts';
import { googleAnswers } from './answers.ts';
import { guideFor } from './guide.ts';

// Google's page on desktop apps, the main source below:
// https://developers.google.com/identity/protocols/oauth2/native-app (read 2026-11)
/** `steps`: what a product's guide says before the client. */
export const kindsGuidedBy = (steps: readonly GuideStep[]): readonly KindRule[] => [
  {
    id: 'desktop',
    name: 'Desktop',
    flows: ['loopback', 'paste'],
    // The documentation has the secret as optional, the server answers "client_secret is missing." without it, PKCE or not.
    // https://github.com/taylorwilsdon/google_workspace_mcp/issues/1008 (2026-08), https://github.com/googleapis/google-api-dotnet-client/issues/1827
    secret: 'always',
    // "It is assumed that these apps cannot keep secrets" (native-app).
    secretIsPublic: true,
    ownRedirect: false,
  },
  {
    id: 'web',
    name: 'Web',
    // The browser ends at the person's own https address, and its final URL is pasted.
    // https://developers.google.com/identity/protocols/oauth2/web-server (read 2026-11)
    flows: ['paste'],
    secret: 'always',
    secretIsPublic: false,
    ownRedirect: true,
    differs: { guide: guideFor(steps, 'web') },
  },
  {
    id: 'tv',
    name: 'TV and limited-input',
    flows: ['device'],
    // The secret is wanted at the poll, and "it is assumed that the apps cannot keep secrets".
    // https://developers.google.com/identity/protocols/oauth2/limited-input-device (read 2026-11)
    secret: 'always',
    secretIsPublic: true,
    ownRedirect: false,
    differs: { guide: guideFor(steps, 'tv') },
  },
];

export const googleFamily = {
  docsUrl: 'https://developers.google.com/identity/protocols/oauth2',
  issuer: 'https://accounts.google.com',
  // "iss: always https://accounts.google.com or accounts.google.com for Google ID tokens".
  // https://developers.google.com/identity/openid-connect/openid-connect (read 2026-11)
  issuerAliases: ['accounts.google.com'],
  // As https://accounts.google.com/.well-known/openid-configuration says (2026-08); there is no introspection endpoint.
  endpoints: {
    authorization: 'https://accounts.google.com/o/oauth2/v2/auth',
    token: 'https://oauth2.googleapis.com/token',
    revocation: 'https://oauth2.googleapis.com/revoke',
    introspection: null,
    userinfo: 'https://openidconnect.googleapis.com/v1/userinfo',
    deviceAuthorization: 'https://oauth2.googleapis.com/device/code',
    jwks: 'https://www.googleapis.com/oauth2/v3/certs',
  },
  // The metadata lists client_secret_post and client_secret_basic; the documentation shows the form fields only (native-app).
  clientAuth: 'post',
  // PKCE is recommended, S256 and plain (native-app): support, not enforcement.
  pkce: 'supported',
  // Callbacks of 2026 carry `iss`, and the metadata of 2026-08 advertises it; a note of 2026-09 says that it does not
  // (https://github.com/Hikyo-Org/Hikyo/issues/581). So a wrong one is refused and a missing one is not.
  iss: 'if_present',
  // A web client gets a refresh token for `access_type=offline` only, and at a later consent for `prompt=consent` only
  // (web-server); a desktop client always gets one (native-app), to which both are harmless.
  authorizeParams: { access_type: 'offline', prompt: 'consent' },
  lifetimes: {
    // Seen on the wire; the documentation says not to rely on a number, so it serves only where `expires_in` is missing.
    accessSeconds: 3599,
    trustSeconds: 300,
    // "Not used for six months": counted as 180 days, so that the warning is never late.
    // https://developers.google.com/identity/protocols/oauth2#expiration (read 2026-11)
    refreshIdleSeconds: 15_552_000,
    refreshAbsoluteSeconds: null,
    // External + Testing ends a grant 7 days after consent; the answer then says refresh_token_expires_in 604799.
    // https://support.google.com/cloud/answer/15549945 (read 2026-11). Time-based access, which the person may choose, looks
    // the same when it is that short, so the words leave room for it.
    shortGrant: {
      seconds: 604_800,
      says: 'Google gave this grant 7 days or less, as it does to every app in Testing; refreshing does not extend it. Publish the app, then connect again',
    },
  },
  // The refresh answer carries no refresh token (native-app): the stored one stays.
  rotation: 'never',
  answers: googleAnswers,
  // `sub`, never the address: addresses change hands. https://developers.google.com/identity/openid-connect/openid-connect (read 2026-11)
  account: { idClaims: ['sub'], nameClaims: ['email', 'name'] },
  // tokeninfo takes any access token, whatever its scopes, and costs no quota. It is the one answer that says whose the
  // token is, for which client it was minted and what it may do, which is what "works" means; whether the product's API is
  // switched on only that API can say, so each product adds its cheapest call as `apiProbe`.
  // POST, since a GET carries the token in its URL. The endpoint is in no metadata document (captures of 2026).
  probes: [
    {
      method: 'POST',
      url: 'https://oauth2.googleapis.com/tokeninfo',
      token: { field: 'access_token' },
      headers: {},
      needsAnyScope: [],
      accountIdAt: ['/sub'],
      accountNameAt: ['/email'],
      clientIdAt: ['/azp', '/aud'],
      scopeAt: ['/scope'],
      clientAuth: false,
    },
  ],
  revocation: {
    kind: 'rfc7009',
    // Revoking either ends both (native-app); the refresh token is still known when the access token has expired.
    steps: ['refresh', 'access'],
    clientAuth: false,
    kills: 'group',
    // Revocation takes back every scope that the account granted to the Cloud project, whichever client asked.
    // https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke (read 2026-11)
    group: {
      id: 'google-cloud-project',
      says: 'Google takes back everything that the account granted to one Cloud project, for every client in it',
      // Client ids begin with the project's number: 123456789012-….apps.googleusercontent.com (seen; not documented).
      clientIdUntil: '-',
    },
    proof: 'probe',
    finishAt: 'https://myaccount.google.com/permissions',
  },
  device: {
    kind: 'tv',
    // https://developers.google.com/identity/protocols/oauth2/limited-input-device#allowedscopes (read 2026-10)
    scopes: [
      'openid',
      'email',
      'profile',
      'https://www.googleapis.com/auth/drive.appdata',
      'https://www.googleapis.com/auth/drive.file',
      'https://www.googleapis.com/auth/youtube',
      'https://www.googleapis.com/auth/youtube.readonly',
    ],
    // RFC 8628 has `verification_uri`. https://github.com/cli/oauth/pull/24
    uriAt: 'verification_url',
    secretAtPoll: true,
    // Sent at 428 and 403; the names are the RFC's. A code that has ended is answered `invalid_grant` too.
    // https://developers.google.com/youtube/v3/live/guides/auth/devices (read 2026-11)
    pending: ['authorization_pending'],
    slowDown: ['slow_down'],
    declined: ['access_denied'],
    expired: ['expired_token', 'invalid_grant'],
  },
  // These are shown on a Google page, and the browser never comes back (native-app).
  silentFailures: [
    "redirect_uri_mismatch or invalid_request: the client is not of type 'Desktop app', which alone takes a loopback address unregistered",
    'access_denied before any consent page: the app is in Testing and this account is not one of its test users',
    'org_internal: the app is Internal, and this account is outside its organisation',
    'admin_policy_enforced: an administrator of the Workspace organisation blocks the app or a scope',
    'deleted_client: the client was deleted, by hand or after six months without use',
  ],
  clientIdShape: {
    endsWith: '.apps.googleusercontent.com',
    example: '123456789012-a1b2c3d4e5.apps.googleusercontent.com',
  },
  // Older secrets carry none, so the prefix tells a secret and does not judge one.
  // https://github.com/trufflesecurity/trufflehog/tree/main/pkg/detectors/googleoauth2 (2026)
  clientSecretPrefixes: ['GOCSPX-'],
  // `installed` for Desktop, `web` for Web: https://github.com/googleapis/google-api-python-client/issues/681.
  consoleFile: {
    clients: [
      { at: '/installed', kind: 'desktop' },
      { at: '/web', kind: 'web' },
    ],
    lookalikes: [
      {
        at: '/type',
        equals: 'service_account',
        words: 'this is the key of a service account, which signs in as itself and not as a person',
      },
      {
        at: '/type',
        equals: 'authorized_user',
        words: 'these are credentials that gcloud keeps for a person, and gcloud is not your app',
      },
      { at: '/refresh_token', words: 'this is a token file that another program wrote after a sign-in' },
      { at: '/keyString', words: 'this is an API key, which names a project and not a person' },
      { at: '/project_info', words: 'this is the configuration of an Android app (google-services.json)' },
    ],
  },
  // No published limit at the token endpoints.
  probesAtOnce: 20,
} satisfies Partial<Provider>;
