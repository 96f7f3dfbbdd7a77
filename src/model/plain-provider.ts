// A provider that follows the RFCs and is otherwise unknown: what a member of the JSON means when it is left out.
import type {
  DeviceRule,
  Endpoints,
  KindRule,
  Lifetimes,
  Probe,
  Provider,
  Revocation,
  ScopeRules,
} from './provider.ts';

export interface ProviderIdentity {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly endpoints: Endpoints;
}

export function plainProvider({ id, name, issuer, endpoints }: ProviderIdentity): Provider {
  const byDevice = endpoints.deviceAuthorization !== null;
  const probes = plainProbes(endpoints);
  return {
    id,
    name,
    docsUrl: null,
    issuer,
    endpoints,
    kinds: [byDevice ? { ...nativeKind, flows: [...nativeKind.flows, 'device'] } : nativeKind],
    // RFC 6749 §2.3.1: a server must take Basic.
    clientAuth: 'basic',
    // RFC 8252 §7.3: the literal, any port.
    redirect: { hosts: ['127.0.0.1'], ports: 'any', path: `/callback/${id}`, register: 'uri' },
    pkce: 'supported',
    iss: 'if_present',
    authorizeParams: {},
    scopes: plainScopes,
    lifetimes: unknownLifetimes,
    rotation: 'unknown',
    answers: [],
    deadGrantCauses: [],
    account: { idClaims: ['sub'], nameClaims: ['email', 'preferred_username', 'name'] },
    probes,
    revocation: plainRevocation(endpoints, probes),
    device: byDevice ? plainDevice : null,
    constraints: [],
    silentFailures: [],
    apiOrigins: [],
    clientIdShape: null,
    guide: [],
    probesAtOnce: 20,
  };
}

const nativeKind: KindRule = {
  id: 'native',
  name: 'native',
  flows: ['loopback', 'paste'],
  secret: 'optional',
  secretIsPublic: false,
  ownRedirect: false,
};

const plainScopes: ScopeRules = {
  default: [],
  known: {},
  separator: { ask: ' ', answer: ' ' },
  rename: {},
  caseless: false,
  stripPrefixes: [],
};

const unknownLifetimes: Lifetimes = {
  accessSeconds: null,
  trustSeconds: 300,
  refreshIdleSeconds: null,
  refreshAbsoluteSeconds: null,
  shortGrant: null,
};

/** RFC 8628 §3.2 and §3.5. */
const plainDevice: DeviceRule = {
  kind: null,
  scopes: null,
  uriAt: 'verification_uri',
  secretAtPoll: true,
  pending: ['authorization_pending'],
  slowDown: ['slow_down'],
  declined: ['access_denied', 'authorization_declined'],
  expired: ['expired_token'],
};

/** Userinfo says whose the token is (OpenID Connect Core §5.3); introspection (RFC 7662) works without `openid`. */
function plainProbes({ userinfo, introspection }: Endpoints): readonly Probe[] {
  const asked = { headers: {}, clientIdAt: [], scopeAt: [] };
  const probes: Probe[] = [];
  if (userinfo !== null) {
    probes.push({
      ...asked,
      method: 'GET',
      url: userinfo,
      token: 'header',
      needsAnyScope: ['openid'],
      accountIdAt: ['/sub'],
      accountNameAt: ['/email', '/preferred_username', '/name'],
      clientAuth: false,
    });
  }
  if (introspection !== null) {
    probes.push({
      ...asked,
      method: 'POST',
      url: introspection,
      token: { field: 'token' },
      needsAnyScope: [],
      accountIdAt: ['/sub'],
      accountNameAt: ['/username'],
      clientIdAt: ['/client_id'],
      scopeAt: ['/scope'],
      activeAt: '/active',
      clientAuth: true,
    });
  }
  return probes;
}

/** RFC 7009 §2.1: revoking a refresh token should end its access tokens, but only should; so both are sent. */
function plainRevocation({ revocation, introspection }: Endpoints, probes: readonly Probe[]): Revocation {
  const proof = introspection !== null ? 'introspect' : probes.length > 0 ? 'probe' : 'none';
  const rest = { clientAuth: true, kills: 'token', group: null, finishAt: null } as const;
  return revocation === null
    ? { kind: 'none', steps: [], proof: 'none', ...rest }
    : { kind: 'rfc7009', steps: ['refresh', 'access'], proof, ...rest };
}
