// POST /v1/oauth/introspect and /v1/oauth/revoke: HTTP Basic, JSON `{token}`, Notion-Version.
// https://developers.notion.com/reference/introspect-token and https://developers.notion.com/reference/revoke-token (read 2026-11)
import type { AuthorityClient } from '../authority/clients.ts';
import { endGrant, endToken, type FoundToken, findToken } from '../authority/grant-ends.ts';
import type { Call, Reply } from '../call.ts';
import { answer, refusal, versionComplaint } from './answers.ts';
import { readRequest } from './token.ts';

export function introspect(call: Call): Reply {
  const request = readToken(call);
  if ('reply' in request) return request.reply;
  const { found } = request;
  if (found === undefined || !found.live) return answer(call, { active: false });
  if (call.switched('notion-introspect') === 'bare') return answer(call, { active: true });
  return answer(call, { active: true, scope: '', iat: Math.floor(found.grant.createdAt / 1000) });
}

/** Whether the other token of the grant goes too is unverified. */
export function revoke(call: Call): Reply {
  const request = readToken(call);
  if ('reply' in request) return request.reply;
  const { found } = request;
  if (found === undefined || !found.live)
    return call.switched('revoke-dead') === 'refused'
      ? refusal(call, 400, 'invalid_grant', 'Invalid token.')
      : answer(call, {});
  if (call.switched('notion-revoke') === 'grant') endGrant(call, found.grantId);
  else endToken(call, found);
  return answer(call, {});
}

/** A token of another client is none. */
function readToken(call: Call): { found: FoundToken | undefined } | { reply: Reply } {
  const versionless = versionComplaint(call);
  if (versionless !== undefined) return { reply: versionless };
  const request = readRequest(call);
  if ('reply' in request) return request;
  const text = request.body.get('token');
  if (text === undefined) {
    call.violation('token_missing', 'a request about no token');
    return { reply: refusal(call, 400, 'invalid_request', 'Missing token.') };
  }
  return { found: own(call, findToken(call, text), request.client) };
}

function own(call: Call, found: FoundToken | undefined, client: AuthorityClient): FoundToken | undefined {
  if (found === undefined || found.grant.clientId === client.id) return found;
  call.violation('token_of_another', "another client's token");
  return undefined;
}
