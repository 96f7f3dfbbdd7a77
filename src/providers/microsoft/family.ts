// What every product behind the Microsoft identity platform shares as an OAuth peer. A product adds its scopes, API and guide.
import type { KindRule, Provider, TenantRule } from '../../model/provider.ts';
import { microsoftAnswers } from './answers.ts';
import { deadGrantCauses } from './dead-grants.ts';
import { reasonCodes } from './reason-codes.ts';

// The main sources below (read 2026-11):
// https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow ("code flow")
// https://learn.microsoft.com/en-us/entra/identity-platform/reply-url ("reply URLs")
// https://learn.microsoft.com/en-us/entra/identity-platform/refresh-tokens ("refresh tokens")

/** The one tenant of every personal account. https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc (read 2026-11) */
export const personalTenant = '9188040d-6c67-4c5b-b112-36a304b66dad';

export const microsoftTenants = {
  // https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc (read 2026-11)
  words: ['common', 'organizations', 'consumers'],
  // The metadata of `common` and `organizations` has "{tenantid}" in its issuer; a token has its own tenant there.
  // https://learn.microsoft.com/en-us/entra/identity-platform/access-tokens (read 2026-11)
  issuer: { template: 'https://login.microsoftonline.com/{tenant}/v2.0', claim: 'tid' },
  claimOf: { organizations: { not: personalTenant }, consumers: { is: personalTenant } },
} satisfies Partial<TenantRule>;

export const publicKind: KindRule = {
  id: 'public',
  name: 'public',
  flows: ['loopback', 'paste', 'device'],
  // A public client that sends a secret is refused with AADSTS700025 (code flow;
  // https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes, read 2026-11).
  secret: 'never',
  secretIsPublic: false,
  ownRedirect: false,
};

export const confidentialKind: KindRule = {
  id: 'confidential',
  name: 'confidential',
  // Redirect URIs of the platform "Web" are https, or http on localhost (reply URLs).
  flows: ['loopback', 'paste'],
  // Without it: AADSTS7000218 (error codes, as above).
  secret: 'always',
  secretIsPublic: false,
  ownRedirect: false,
};

export const microsoftFamily = {
  docsUrl: 'https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow',
  issuer: 'https://login.microsoftonline.com/{tenant}/v2.0',
  // Code flow; the device endpoint: https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-device-code (read 2026-11);
  // userinfo: https://learn.microsoft.com/en-us/entra/identity-platform/userinfo (read 2026-11). The metadata lists neither
  // revocation nor introspection (as quoted in https://github.com/Hikyo-Org/Hikyo/issues/581, 2026-09).
  endpoints: {
    authorization: 'https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize',
    token: 'https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token',
    revocation: null,
    introspection: null,
    userinfo: 'https://graph.microsoft.com/oidc/userinfo',
    deviceAuthorization: 'https://login.microsoftonline.com/{tenant}/oauth2/v2.0/devicecode',
    jwks: 'https://login.microsoftonline.com/{tenant}/discovery/v2.0/keys',
  },
  // client_secret_post is advertised, Basic taken too (https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc).
  clientAuth: 'post',
  // S256 and plain, recommended for every client (code flow). The metadata is silent about it, which rules nothing out.
  pkce: 'supported',
  // Not advertised (https://github.com/Hikyo-Org/Hikyo/issues/581, 2026-09). If it came, it would name the tenant that signed
  // the person in, which nobody can know beforehand for `common`.
  iss: 'never',
  // `query` is the default for a code; said, so that a loopback address never gets a POST or a fragment (code flow).
  authorizeParams: { response_mode: 'query' },
  // Without `offline_access` in it the answer may lack a refresh token (unverified), so the scopes are named again, as they may be.
  refreshParams: { scope: '{scope}' },
  lifetimes: {
    // Random, 60 to 90 minutes, unless a tenant says otherwise; it serves only where `expires_in` is missing.
    // https://learn.microsoft.com/en-us/entra/identity-platform/access-tokens (read 2026-11)
    accessSeconds: 3_600,
    trustSeconds: 300,
    // 90 days (refresh tokens); an idle one is refused with AADSTS700082 and "90.00:00:00".
    refreshIdleSeconds: 7_776_000,
    refreshAbsoluteSeconds: null,
    // 24 hours fixed for a redirect URI of the platform "Single-page application", which refuses programs anyway (code flow).
    shortGrant: null,
  },
  // Each use brings a new one, and the old one is not revoked (refresh tokens).
  rotation: 'always',
  oldRefreshLives: true,
  answers: microsoftAnswers,
  reasonCodes,
  deadGrantCauses,
  // `sub` is another one for each client id; addresses change hands, and there is no `email_verified`.
  // https://learn.microsoft.com/en-us/entra/identity-platform/id-token-claims-reference (as quoted in 2026-09)
  account: { idClaims: ['tid', 'oid'], nameClaims: ['email', 'preferred_username', 'name'] },
  // Whose a token is, Graph tells in ids of its own, which are not the claims above: so names only. The token itself is opaque
  // (https://learn.microsoft.com/en-us/entra/identity-platform/access-tokens, read 2026-11).
  probes: [
    {
      method: 'GET',
      // Unverified: this selection. https://learn.microsoft.com/en-us/graph/api/user-get
      url: 'https://graph.microsoft.com/v1.0/me?$select=id,displayName,mail,userPrincipalName',
      token: 'header',
      headers: {},
      needsAnyScope: ['User.Read', 'User.ReadWrite'],
      accountIdAt: [],
      accountNameAt: ['/mail', '/userPrincipalName', '/displayName'],
      clientIdAt: [],
      scopeAt: [],
      clientAuth: false,
    },
    {
      // https://learn.microsoft.com/en-us/entra/identity-platform/userinfo (read 2026-11)
      method: 'GET',
      url: 'https://graph.microsoft.com/oidc/userinfo',
      token: 'header',
      headers: {},
      needsAnyScope: ['openid'],
      accountIdAt: [],
      accountNameAt: ['/email', '/name'],
      clientIdAt: [],
      scopeAt: [],
      clientAuth: false,
    },
  ],
  // There is no endpoint. `revokeSignInSessions` of Graph signs the person out of every app and device, so it is not used.
  // https://learn.microsoft.com/en-us/graph/api/user-revokesigninsessions (read 2026-11)
  revocation: {
    kind: 'none',
    steps: [],
    clientAuth: false,
    kills: 'grant',
    group: null,
    proof: 'none',
    // Seen in public guides (2026).
    finishAt: 'https://myapps.microsoft.com',
    finishAtFor: [
      {
        accountIdStarts: `${personalTenant}:`,
        // https://learn.microsoft.com/en-us/onedrive/developer/rest-api/getting-started/msa-oauth (read 2026-11)
        url: 'https://account.live.com/consent/Manage',
      },
    ],
  },
  // https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-device-code (read 2026-11)
  device: {
    kind: 'public',
    scopes: null,
    uriAt: 'verification_uri',
    secretAtPoll: false,
    pending: ['authorization_pending'],
    // Not documented there; RFC 8628 §3.5.
    slowDown: ['slow_down'],
    // The RFC's name is `access_denied`.
    declined: ['authorization_declined', 'access_denied'],
    expired: ['expired_token'],
  },
  constraints: [
    {
      anyScope: ['.default', 'https://graph.microsoft.com/.default'],
      besidesOtherThan: ['openid', 'profile', 'email', 'offline_access'],
      // https://learn.microsoft.com/en-us/entra/identity-platform/scopes-oidc (read 2026-11)
      words: "Microsoft takes '.default' alone, never beside named scopes",
      hint: 'leave .default out, or the others',
    },
  ],
  // These are shown on a page of Microsoft's, and the browser never comes back (display unverified).
  // https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes (read 2026-11)
  silentFailures: [
    "AADSTS50011: the redirect URI is not registered under 'Mobile and desktop applications'; its path counts, its port does not",
    "'Need admin approval' (AADSTS90094, AADSTS90095): an administrator of the organisation must consent first",
    'AADSTS50194: the app takes one organisation only: connect with --tenant and its directory id',
    'AADSTS700016: the organisation does not know the client id, or the app is of another directory',
    'AADSTS9002332: the app takes work and school accounts only, and a personal one was asked for',
  ],
  apiOrigins: ['https://graph.microsoft.com'],
  clientIdShape: { form: 'uuid', example: '6731de76-14a6-49ae-97bc-6eba6914391e' },
  lookalikes: [
    {
      of: 'client_secret',
      form: 'uuid',
      // AADSTS7000215: https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes (read 2026-11)
      words: 'is the Secret ID: copy the Value beside it, which the portal shows once',
    },
  ],
  // No published limit for single people; Graph answers 429 with Retry-After (https://learn.microsoft.com/en-us/graph/throttling).
  probesAtOnce: 20,
} satisfies Partial<Provider>;
