// POST https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token
// https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow (read 2026-11)
import type { Allowed } from '../authority/authority-state.ts';
import { type CodeRefusal, redeemCode } from '../authority/codes.ts';
import { deviceGrantType } from '../authority/device.ts';
import { judgeRefresh, type RefreshRefusal, refreshGrant } from '../authority/grants.ts';
import type { Call, Reply } from '../call.ts';
import { exchangeDevice } from './device-poll.ts';
import { admits, tokenRule } from './directory.ts';
import { type Aadsts, aadError } from './errors.ts';
import { readScopes, spansResources } from './scopes.ts';
import { consented, orderedFor, startedGrant, tokenAnswer } from './token-answer.ts';
import { otherTenant, readRequest, type TokenRequest } from './token-request.ts';

type Grant = (call: Call, request: TokenRequest) => Reply;

const grants: Readonly<Record<string, Grant>> = {
  authorization_code: exchange,
  refresh_token: refresh,
  [deviceGrantType]: exchangeDevice,
};

export function token(call: Call): Reply {
  const request = readRequest(call, false);
  if ('reply' in request) return request.reply;
  const type = request.form.get('grant_type') ?? '';
  const grant = Object.hasOwn(grants, type) ? grants[type] : undefined;
  if (grant === undefined) {
    call.violation('grant_type', `grant_type '${type}' is none of Microsoft's`);
    return aadError(call, '70003');
  }
  return switchedError(call) ?? grant(call, request);
}

const named: Readonly<Record<string, Aadsts>> = {
  interaction_required: '50076',
  consent_required: '65001',
  temporarily_unavailable: '90055',
};

function switchedError(call: Call): Reply | undefined {
  const value = call.switched('microsoft-token-error');
  if (value === undefined) return undefined;
  const number = named[value] ?? (value as Aadsts);
  return aadError(call, number, number === '90055' ? { status: 503 } : {});
}

const codeErrors: Readonly<Record<CodeRefusal, Aadsts>> = {
  code_missing: '900144',
  unknown: '70000',
  code_replayed: '54005',
  expired: '70008',
  code_of_another: '70000',
  redirect_differs: '500112',
  verifier_missing: '501481',
  verifier_unwanted: '501481',
  verifier_wrong: '501481',
};

function exchange(call: Call, { client, form, tenant }: TokenRequest): Reply {
  const redeemed = redeemCode(call, {
    code: form.get('code'),
    clientId: client.id,
    redirectUri: form.get('redirect_uri'),
    verifier: form.get('code_verifier'),
  });
  if (!redeemed.ok) return aadError(call, codeErrors[redeemed.why]);
  const { allowed } = redeemed;
  if (allowed.more.tenant !== tenant) return otherTenant(call);
  const wanted = readScopes(form.get('scope') ?? '');
  if (!wanted.ok) return aadError(call, wanted.number, { words: wanted.says });
  if (spansResources(wanted.scopes)) {
    call.violation('scope', 'an exchange that asks for scopes of more than one resource');
    return aadError(call, '700022');
  }
  if (isGrown(wanted.scopes, allowed, allowed.scopes)) return grown(call);
  const { issued, scopes } = startedGrant(call, { ...allowed, scopes: orderedFor(wanted.scopes, allowed.scopes) });
  const nonce = typeof allowed.more.nonce === 'string' ? allowed.more.nonce : undefined;
  return tokenAnswer(call, { client, person: allowed.person, issued, scopes, asked: allowed.scopes, nonce });
}

/** A subset of the first request is good, even where less was consented to. */
function isGrown(wanted: readonly string[], { more }: Pick<Allowed, 'more'>, held: readonly string[]): boolean {
  const asked = Array.isArray(more.asked) ? more.asked : [];
  return wanted.some((scope) => !held.includes(scope) && !asked.includes(scope));
}

function grown(call: Call): Reply {
  call.violation('scope_grown', 'scopes that nobody consented to');
  return aadError(call, '65001');
}

const refreshErrors: Readonly<Record<RefreshRefusal, Aadsts>> = {
  refresh_token_missing: '900144',
  unknown: '70000',
  wrong_token: '70000',
  token_of_another: '70000',
  ended: '50173',
  expired: '700082',
  reused: '70000',
  switched_gone: '50173',
  switched_rapt: '70043',
};

/** https://learn.microsoft.com/en-us/entra/identity-platform/refresh-tokens: good for whatever the person consented to for this client. */
function refresh(call: Call, { client, form, tenant }: TokenRequest): Reply {
  const rule = tokenRule(call);
  const judged = judgeRefresh(call, form.get('refresh_token'), client.id, rule);
  if (!judged.ok) return aadError(call, refreshErrors[judged.why]);
  const { grant } = judged;
  if (!admits(tenant, grant.person)) return aadError(call, '50020');
  const wanted = readScopes(form.get('scope') ?? '');
  if (!wanted.ok) return aadError(call, wanted.number, { words: wanted.says });
  const held = [...new Set([...grant.scopes, ...consented(call, grant)])];
  if (isGrown(wanted.scopes, grant, held)) return grown(call);
  const scopes = orderedFor(wanted.scopes, held);
  const rotates = !leftOffline(call, wanted.scopes);
  const issued = refreshGrant(call, judged, { ...rule, rotates }, scopes);
  const asked = wanted.scopes.length === 0 ? grant.scopes : wanted.scopes;
  return tokenAnswer(call, { client, person: grant.person, issued, scopes, asked, nonce: undefined });
}

/** What becomes of a refresh that asks for scopes, and not for offline_access among them, is unverified. */
function leftOffline(call: Call, wanted: readonly string[]): boolean {
  if (wanted.length === 0 || wanted.includes('offline_access')) return false;
  call.violation(
    'offline_access',
    'a refresh with scopes and without offline_access, which may cost the refresh token',
  );
  return call.switched('microsoft-refresh-offline') !== undefined;
}
