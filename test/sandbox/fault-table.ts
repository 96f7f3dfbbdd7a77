// What each fault of the network must come to, for each operation at each service. Written from the contract alone (what the
// commands, their states and their exits mean; what a service documents of its tokens), and held against the program by
// fault-table.test.ts. A rule for each kind of fault, and the exceptions by name, each with its reason.
import type { CellResult, Operation } from './fault-cells.ts';

/**
 * What a client can know of a fault.
 * `unsent`: nothing left this machine. `busy`: the server said "not now", by the rules, so it did nothing. `failed`: it did
 * nothing, which nobody can know. `none`: what came is no answer. `mute`: it said no, and nobody can tell why. `lost`: it acted,
 * and the answer did not come. `spoilt`: it acted, and what came cannot be used. `harmless`: it acted, and all that counts came.
 */
type Kind = 'unsent' | 'busy' | 'failed' | 'none' | 'mute' | 'lost' | 'spoilt' | 'harmless';

export interface Fault {
  /** Switches of the sandbox, separated by blanks; `@` stands for the place that is asked. */
  readonly switches: string;
  readonly kind: Kind;
  /** What a sign-in that meets it ends with. */
  readonly code: string;
  /** Seconds that the answer asks to wait. */
  readonly waits?: number;
}

export const faults: readonly Fault[] = [
  { switches: 'unreachable=refused@', kind: 'unsent', code: 'unreachable 6' },
  { switches: 'unreachable=no-name@', kind: 'unsent', code: 'unreachable 6' },
  { switches: 'http-429=30@', kind: 'busy', code: 'rate_limited 6', waits: 30 },
  { switches: 'http-429=30@ retry-after=date', kind: 'busy', code: 'rate_limited 6', waits: 30 },
  { switches: 'http-429=30@ retry-after=missing', kind: 'busy', code: 'rate_limited 6' },
  { switches: 'http-5xx=500@', kind: 'failed', code: 'provider_unavailable 6' },
  { switches: 'http-5xx=502@', kind: 'failed', code: 'provider_unavailable 6' },
  { switches: 'http-5xx=503@', kind: 'failed', code: 'provider_unavailable 6', waits: 30 },
  { switches: 'http-5xx=503@ retry-after=date', kind: 'failed', code: 'provider_unavailable 6', waits: 30 },
  { switches: 'http-5xx=504@', kind: 'failed', code: 'provider_unavailable 6' },
  { switches: 'http-5xx=408@', kind: 'failed', code: 'provider_unavailable 6' },
  { switches: 'html=502@', kind: 'failed', code: 'provider_unavailable 6' },
  { switches: 'empty=503@', kind: 'failed', code: 'provider_unavailable 6' },
  { switches: 'connection-reset=before@', kind: 'failed', code: 'unreachable 6' },
  { switches: 'html=200@', kind: 'none', code: 'bad_response 5' },
  { switches: 'empty=200@', kind: 'none', code: 'bad_response 5' },
  { switches: 'wrong-json=list@', kind: 'none', code: 'bad_response 5' },
  { switches: 'redirect@', kind: 'none', code: 'bad_response 5' },
  { switches: 'html=403@', kind: 'mute', code: 'provider_refused 5' },
  { switches: 'empty=400@', kind: 'mute', code: 'provider_refused 5' },
  { switches: 'connection-reset=after@', kind: 'lost', code: 'unreachable 6' },
  { switches: 'truncate=connection@', kind: 'lost', code: 'unreachable 6' },
  { switches: 'truncate=stall@', kind: 'lost', code: 'timed_out 6' },
  { switches: 'latency=60000@', kind: 'lost', code: 'timed_out 6' },
  { switches: 'truncate=body@', kind: 'spoilt', code: 'bad_response 5' },
  { switches: 'oversize@', kind: 'spoilt', code: 'bad_response 5' },
  { switches: 'latency=3000@', kind: 'harmless', code: 'connected 0' },
  { switches: 'content-type@', kind: 'harmless', code: 'connected 0' },
  { switches: 'date-header=missing@', kind: 'harmless', code: 'connected 0' },
  { switches: 'date-header=garbled@', kind: 'harmless', code: 'connected 0' },
];

/** Places of the sandbox: where a service tells whether a token works, and where it ends one; null where nothing does. */
interface Service {
  readonly probe: string;
  readonly revoke: string | null;
  /** What proves the end, where that is not the probe. */
  readonly proof?: string;
}

export const services: Readonly<Record<string, Service>> = {
  asana: { probe: 'users', revoke: 'revoke' },
  dropbox: { probe: 'users', revoke: 'revoke' },
  github: { probe: 'user', revoke: 'revoke-grant', proof: 'introspect' },
  gmail: { probe: 'tokeninfo', revoke: 'revoke' },
  'google-drive': { probe: 'tokeninfo', revoke: 'revoke' },
  notion: { probe: 'users', revoke: 'revoke', proof: 'introspect' },
  // There is no endpoint: https://learn.microsoft.com/en-us/entra/identity-platform/refresh-tokens
  outlook: { probe: 'users', revoke: null },
  slack: { probe: 'auth-test', revoke: 'revoke' },
  teams: { probe: 'users', revoke: null },
  trello: { probe: 'members', revoke: 'revoke' },
};

/**
 * Where a refresh uses the refresh token up, or may (Asana documents nothing): an answer that does not come leaves it open.
 * GitHub: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens
 * Notion: https://developers.notion.com/guides/get-started/authorization
 * Slack: https://docs.slack.dev/authentication/using-token-rotation
 * Trello: https://developer.atlassian.com/cloud/oauth/getting-started/refresh-tokens/
 */
const singleUse = ['asana', 'github', 'notion', 'slack', 'trello'];
/** Of these, those where the one of before is good for nothing at once; Slack has a grace, Asana's was seen to go on. */
const spentAtOnce = ['github', 'notion', 'trello'];

/** How a revocation goes that nothing disturbs. */
function ended(provider: string): string {
  if (services[provider]?.revoke === null) return 'unsupported none deleted 8';
  return `revoked ${services[provider]?.proof === undefined ? 'probe_rejected' : 'introspected'} deleted 0`;
}

const exitOf = ({ code }: Fault) => Number(code.at(-1));

export function expectedAt(operation: Operation, fault: Fault, provider: string): CellResult {
  const usual = rules[operation](fault, provider);
  return { ...usual, ...exceptions[operation]?.(fault, provider) };
}

type Rule = (fault: Fault, provider: string) => CellResult;

const acted = ({ kind }: Fault) => ['lost', 'spoilt', 'harmless'].includes(kind);

/** Nothing is stored that did not come; a code is never sent twice (RFC 6749 §4.1.2); the next sign-in goes as usual. */
const connect: Rule = (fault) => ({
  told: fault.code,
  record: fault.kind === 'harmless' ? 'written' : 'none',
  grant: acted(fault) ? 'lives' : 'none',
  next: ['connected 0'],
});

/** Nothing is lost that a client can keep: the record stays, and its mark for as long as no definite answer has come. */
const refresh: Rule = (fault, provider) => {
  const grant = 'lives';
  const well = ['refreshed 0', 'healthy 0'];
  switch (fault.kind) {
    case 'harmless':
      return { told: 'refreshed 0', record: 'written', grant, next: well };
    case 'unsent':
    case 'busy':
      return { told: 'unreachable 6', record: 'written', grant, next: well };
    case 'mute':
      return { told: 'rejected 5', record: 'written', grant, next: well };
    default: {
      const told = singleUse.includes(provider) ? 'uncertain 6' : `unreachable ${exitOf(fault)}`;
      const isSpent = acted(fault) && spentAtOnce.includes(provider);
      return { told, record: 'marked', grant, next: isSpent ? (afterSpent[provider] ?? []) : well };
    }
  }
};

/** GitHub and Notion end the access token of before with the refresh; Trello's lives on until its hour is over. */
const afterSpent: Readonly<Record<string, readonly string[]>> = {
  github: ['rejected 4', 'reconnect_required 8'],
  notion: ['rejected 4', 'reconnect_required 8'],
  trello: ['rejected 4', 'expiring 0'],
};

/** Nothing is known, and nothing was changed. */
const probe: Rule = ({ kind }) => {
  const told = kind === 'harmless' ? 'healthy 0' : kind === 'mute' ? 'app_rejected 8' : 'unreachable 6';
  return { told, record: 'as it was', grant: 'lives', next: ['healthy 0', 'refreshed 0'] };
};

/** Kept for as long as it may live; what was acted on is found out by the next call. */
const revoke: Rule = (fault, provider) => {
  if (services[provider]?.revoke === null) {
    return { told: ended(provider), record: 'none', grant: 'lives', next: [] };
  }
  // RFC 7009 §2.2: what stands in the body means nothing.
  const isWhole = fault.kind === 'harmless' || fault.switches.startsWith('truncate=body');
  if (isWhole) return { told: ended(provider), record: 'none', grant: 'none', next: [] };
  if (meansNothing(fault)) {
    // It is called revoked, and then the token still works.
    return { told: 'revoked none kept 8', record: 'as it was', grant: 'lives', next: [ended(provider)] };
  }
  const told = `failed none kept ${exitOf(fault)}`;
  if (!acted(fault)) return { told, record: 'as it was', grant: 'lives', next: [ended(provider)] };
  return { told, record: 'as it was', grant: 'none', next: ['already_dead refresh_rejected deleted 0'] };
};

const meansNothing = ({ switches }: Fault) => /^(empty=200|wrong-json)/.test(switches);

/** The service did as it was told; whether it has cannot be looked at now. A failure that passes deletes nothing. */
const proof: Rule = (fault, provider) => {
  if (fault.kind === 'harmless') return { told: ended(provider), record: 'none', grant: 'none', next: [] };
  // Nobody can tell what stands in the way, so no other look tells more: that it is not proved is said, once.
  if (fault.kind === 'mute') return { told: 'revoked none deleted 8', record: 'none', grant: 'none', next: [] };
  const next = ['already_dead refresh_rejected deleted 0'];
  const told = 'revoked none kept 8';
  return { told, record: 'as it was', grant: 'none', next };
};

const rules: Readonly<Record<Operation, Rule>> = { connect, refresh, probe, revoke, proof };

type Exception = (fault: Fault, provider: string) => Partial<CellResult> | undefined;

/** Two tokens are ended by a call each, and the first call was the one that was cut short: the other token still works. */
const endsEachByItself = ['notion', 'slack'];

/** RFC 6750 §3.1: the status says that the token is dead, whatever stands in the body. */
const deadBy401 = ['asana', 'dropbox', 'github', 'trello'];

const exceptions: Readonly<Partial<Record<Operation, Exception>>> = {
  revoke(fault, provider) {
    if (endsEachByItself.includes(provider) && acted(fault) && !fault.switches.startsWith('truncate=body')) {
      return fault.kind === 'harmless' ? undefined : { grant: 'lives', next: [ended(provider)] };
    }
    // Nobody documents that Atlassian's endpoint takes Trello's tokens. A no, or a yes that ends nothing, means that it does
    // not: the record goes, and the person is told (exit 8) where to finish.
    if (provider === 'trello' && (fault.kind === 'mute' || meansNothing(fault))) {
      return { told: 'unsupported none deleted 8', record: 'none', next: [] };
    }
    return undefined;
  },
  proof(fault, provider) {
    const tells = fault.switches.startsWith('truncate=body') && deadBy401.includes(provider);
    return tells ? { told: ended(provider), record: 'none', next: [] } : undefined;
  },
};

/** Seconds that the answer asks to wait, as it must be told; undefined where it does not say. */
export function pauseAt(operation: Operation, { waits, kind }: Fault, provider: string): number | undefined {
  if (services[provider]?.revoke === null && operation === 'revoke') return undefined;
  // Trello's API sends no Retry-After (https://github.com/api-evangelist/trello); its windows are ten seconds long:
  // https://developer.atlassian.com/cloud/trello/guides/rest-api/rate-limits/
  if (provider === 'trello' && (operation === 'probe' || operation === 'proof'))
    return kind === 'busy' ? 10 : undefined;
  return waits;
}
