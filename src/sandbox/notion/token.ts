// POST https://api.notion.com/v1/oauth/token: HTTP Basic and JSON. https://developers.notion.com/reference/create-a-token (read 2026-11)
import type { JsonObject } from '../../model/json.ts';
import { readJsonBody } from '../authority/bodies.ts';
import { type AuthorityClient, judgeClient, readCredentials } from '../authority/clients.ts';
import { type CodeRefusal, redeemCode } from '../authority/codes.ts';
import { extraMembers, type Issued, judgeRefresh, refreshGrant, startGrant } from '../authority/grants.ts';
import { personOf } from '../authority/people.ts';
import type { Call, Reply } from '../call.ts';
import type { Params } from '../params.ts';
import { answer, refusal, versionComplaint } from './answers.ts';
import { botIdOf, clients, tokenRule, userIdOf, workspace } from './connection.ts';

/** The client that asks, and its body; or what it is told instead. */
export function readRequest(call: Call): { client: AuthorityClient; body: Params } | { reply: Reply } {
  const body = readJsonBody(call);
  const judged = judgeClient(call, readCredentials(call, body), { clients, places: ['basic'] });
  if (judged.ok) return { client: judged.client, body };
  return { reply: refusal(call, 401, 'invalid_client', 'Client authentication failed.') };
}

export function token(call: Call): Reply {
  // Wanted here by the guide, but not known to be demanded.
  versionComplaint(call);
  const request = readRequest(call);
  if ('reply' in request) return request.reply;
  const { client, body } = request;
  switch (body.get('grant_type')) {
    case 'authorization_code':
      return exchange(call, client, body);
    case 'refresh_token':
      return refresh(call, client, body);
    default:
      call.violation('grant_type', "grant_type is none of Notion's");
      return refusal(call, 400, 'unsupported_grant_type', 'Unsupported grant_type.');
  }
}

const codeErrors: Readonly<Partial<Record<CodeRefusal, string>>> = { code_missing: 'invalid_request' };

function exchange(call: Call, client: AuthorityClient, body: Params): Reply {
  if (body.get('code_verifier') !== undefined) {
    call.violation('pkce_unwanted', 'code_verifier to a server that knows no PKCE');
    if (call.switched('notion-code-challenge') !== undefined)
      return refusal(call, 400, 'invalid_request', 'Unexpected code_verifier.');
  }
  const redeemed = redeemCode(call, {
    code: body.get('code'),
    clientId: client.id,
    redirectUri: body.get('redirect_uri'),
    verifier: undefined,
  });
  if (!redeemed.ok) return refusal(call, 400, codeErrors[redeemed.why] ?? 'invalid_grant', 'Invalid code.');
  const { clientId, person, scopes, more } = redeemed.allowed;
  const ends = call.switched('notion-reconnect') === undefined ? {} : { liveGrants: 1 };
  const without = call.switched('notion-no-rotation');
  const issued = startGrant(call, { clientId, person, scopes, more }, { ...tokenRule, ...ends }, without === undefined);
  return tokenAnswer(call, issued, person, without === 'absent' ? {} : { refresh_token: null });
}

function refresh(call: Call, client: AuthorityClient, body: Params): Reply {
  const judged = judgeRefresh(call, body.get('refresh_token'), client.id, tokenRule);
  if (judged.ok) return tokenAnswer(call, refreshGrant(call, judged, tokenRule), judged.grant.person, {});
  const error = judged.why === 'refresh_token_missing' ? 'invalid_request' : 'invalid_grant';
  return refusal(call, 400, error, 'Invalid refresh token.');
}

/** No `expires_in` and no `scope`. `without`: what stands where there is no refresh token. */
function tokenAnswer(call: Call, issued: Issued, person: string, without: JsonObject): Reply {
  return answer(call, {
    access_token: issued.accessToken,
    token_type: 'bearer',
    ...(issued.refreshToken === undefined ? without : { refresh_token: issued.refreshToken }),
    bot_id: botIdOf(issued.grantId),
    workspace_id: workspace.id,
    workspace_name: workspace.name,
    workspace_icon: null,
    owner: owner(call, person),
    duplicated_template_id: null,
    ...extraMembers(call),
  });
}

/** The e-mail address is a capability of the connection: https://github.com/makenotion/notion-sdk-js */
export function owner(call: Call, key: string): JsonObject {
  const { name, email } = personOf(key);
  const person = call.switched('notion-email') === undefined ? { email } : {};
  return { type: 'user', user: { object: 'user', id: userIdOf(key), name, avatar_url: null, type: 'person', person } };
}
