// POST https://slack.com/api/oauth.v2.access: a form, and the secret in it or by HTTP Basic; PKCE apps send none.
// https://docs.slack.dev/authentication/using-pkce and https://docs.slack.dev/reference/methods/oauth.v2.user.access (read 2026-11)
import { readForm } from '../authority/bodies.ts';
import { type AuthorityClient, judgeClient, readCredentials } from '../authority/clients.ts';
import { type CodeRefusal, redeemCode } from '../authority/codes.ts';
import { judgeRefresh, type RefreshRefusal, refreshGrant } from '../authority/grants.ts';
import type { Call, Reply } from '../call.ts';
import type { Params } from '../params.ts';
import { jsonReply } from '../replies.ts';
import { failure, refusal } from './answers.ts';
import { install, refreshed } from './installation.ts';
import { clients, type Role, rotatingRule } from './workspace.ts';

export function access(call: Call): Reply {
  const form = readForm(call);
  const client = judgedClient(call, form);
  if ('status' in client) return client;
  const refused = refusal(call);
  if (refused !== undefined) return refused;
  switch (form.get('grant_type')) {
    case undefined:
    case 'authorization_code':
      return exchange(call, client, form);
    case 'refresh_token':
      return refresh(call, client, form);
    default:
      call.violation('grant_type', "grant_type is none of Slack's");
      return failure('invalid_grant_type');
  }
}

function judgedClient(call: Call, form: Params): AuthorityClient | Reply {
  const judged = judgeClient(call, readCredentials(call, form), { clients, places: ['basic', 'body'] });
  if (judged.ok) return judged.client;
  // Ignored or refused: unverified. That it came is noted either way.
  if (judged.why === 'secret_unwanted' && judged.client !== undefined && call.switched('slack-pkce-secret'))
    return judged.client;
  const about = judged.why === 'id_missing' || judged.why === 'unknown' ? 'invalid_client_id' : 'bad_client_secret';
  return failure(about);
}

/** How Slack calls a wrong verifier is not documented. */
const codeErrors: Readonly<Partial<Record<CodeRefusal, string>>> = { redirect_differs: 'bad_redirect_uri' };

function exchange(call: Call, client: AuthorityClient, form: Params): Reply {
  const redeemed = redeemCode(call, {
    code: form.get('code'),
    clientId: client.id,
    redirectUri: form.get('redirect_uri'),
    verifier: verifierOf(call, client, form),
  });
  if (!redeemed.ok) return failure(codeErrors[redeemed.why] ?? 'invalid_code');
  return install(call, client, redeemed.allowed);
}

/** An app without the PKCE setting has nothing to compare it with. */
function verifierOf(call: Call, client: AuthorityClient, form: Params): string | undefined {
  const verifier = form.get('code_verifier');
  if (client.kind === 'pkce' || verifier === undefined) return verifier;
  call.violation('pkce_unwanted', `code_verifier from the ${client.kind} app`);
  return undefined;
}

function refresh(call: Call, client: AuthorityClient, form: Params): Reply {
  if (form.get('code_verifier') !== undefined) call.violation('pkce_unwanted', 'code_verifier at a refresh');
  const judged = judgeRefresh(call, form.get('refresh_token'), client.id, rotatingRule('user', client.kind));
  if (!judged.ok) return deadRefresh(call, judged.why);
  const role: Role = judged.grant.more.role === 'bot' ? 'bot' : 'user';
  const issued = refreshGrant(call, judged, rotatingRule(role, client.kind));
  return refreshed(call, issued, role, judged.grant.scopes);
}

/** Which of these names a refresh token gets is not told one by one, and one source saw RFC 6749's at 400: unverified. */
function deadRefresh(call: Call, why: RefreshRefusal): Reply {
  const dead = why !== 'refresh_token_missing' && why !== 'wrong_token';
  const switched = dead ? call.switched('slack-dead-refresh') : undefined;
  // https://nango.dev/blog/slack-oauth-refresh-token-invalid-grant
  if (switched === 'invalid_grant') return jsonReply(400, { ok: false, error: switched });
  return failure(switched ?? (why === 'ended' ? 'token_revoked' : 'invalid_refresh_token'));
}
