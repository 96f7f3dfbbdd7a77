// https://api.github.com/applications/CLIENT_ID/token and …/grant: an app looks after its own tokens. HTTP Basic, and the token as JSON,
// at DELETE too. https://docs.github.com/en/rest/apps/oauth-applications (read 2026-11)
import type { JsonObject } from '../../model/json.ts';
import { authorityState } from '../authority/authority-state.ts';
import { readJsonBody } from '../authority/bodies.ts';
import { type AuthorityClient, judgeClient, readCredentials } from '../authority/clients.ts';
import { endGrant, endGrants, endToken, type FoundToken, findToken } from '../authority/grant-ends.ts';
import { personOf } from '../authority/people.ts';
import type { Call, Reply } from '../call.ts';
import type { Params } from '../params.ts';
import { emptyReply } from '../replies.ts';
import { makeSecret } from '../secrets.ts';
import { hashOf } from '../state.ts';
import { apiAnswer, apiError } from './answers.ts';
import { clients, expiringRule } from './registration.ts';
import { isAlike } from './tokens.ts';
import { userOf } from './user.ts';

type Access = Extract<FoundToken, { kind: 'access' }>;

interface Request {
  readonly client: AuthorityClient;
  readonly text: string;
  /** The app's own access token, dead or alive. */
  readonly found: Access | undefined;
}

export function checkToken(call: Call): Reply {
  return asApp(call, ({ client, text, found }) =>
    found?.live ? apiAnswer(call, 200, described(client, text, found)) : apiError(call, 404, 'Not Found'),
  );
}

export function resetToken(call: Call): Reply {
  return asApp(call, ({ client, found }) => {
    if (!found?.live) return apiError(call, 404, 'Not Found');
    const fresh = makeSecret(call.random, expiringRule(client).accessPrefix);
    const record = { ...found.record, issuedAt: call.at };
    authorityState(call).access[hashOf(fresh)] = record;
    endToken(call, found);
    return apiAnswer(call, 200, described(client, fresh, { ...found, record }));
  });
}

/** That token only. Whether its refresh token, or other tokens of the person, go too is unverified. */
export function deleteToken(call: Call): Reply {
  return asApp(call, ({ client, found }) => {
    if (!found?.live) return deadAtDelete(call);
    endToken(call, found);
    const more = call.switched('github-delete-token');
    if (more === 'pair') endGrant(call, found.grantId);
    if (more === 'siblings') endGrants(call, (grant) => isAlike(grant, client.id, found.grant.person));
    return emptyReply(204);
  });
}

/** Everything that the person gave the app. Whether a token that has run out will do is unverified. */
export function deleteGrant(call: Call): Reply {
  return asApp(call, ({ client, found }) => {
    const ranOut = found !== undefined && found.record.endedAt === null && found.grant.endedAt === null;
    const works = found?.live || (ranOut && call.switched('github-grant-expired') !== undefined);
    if (found === undefined || !works) return deadAtDelete(call);
    endGrants(call, (grant) => isAlike(grant, client.id, found.grant.person));
    return emptyReply(204);
  });
}

/** The page knows 422 only; 404 is what the other calls of this path say. */
function deadAtDelete(call: Call): Reply {
  if (call.switched('revoke-dead') === 'accepted') return emptyReply(204);
  return call.switched('github-dead-token') === undefined ? unprocessable(call) : apiError(call, 404, 'Not Found');
}

function unprocessable(call: Call): Reply {
  return apiError(call, 422, 'Validation Failed');
}

function asApp(call: Call, act: (request: Request) => Reply): Reply {
  const body = readJsonBody(call);
  const judged = judgeClient(call, readCredentials(call, body), { clients, places: ['basic'] });
  // The documentation does not show it.
  if (!judged.ok)
    return call.switched('github-wrong-secret') === undefined
      ? apiError(call, 401, 'Bad credentials')
      : apiError(call, 404, 'Not Found');
  const { client } = judged;
  if (call.segments.client !== client.id) {
    call.violation('client_differs', "the path names another client than the request's credentials");
    return apiError(call, 404, 'Not Found');
  }
  const text = textOf(call, body);
  return text === undefined
    ? unprocessable(call)
    : act({ client, text, found: own(call, client, findToken(call, text)) });
}

function textOf(call: Call, body: Params): string | undefined {
  const text = body.get('access_token');
  if (text === undefined) call.violation('token_missing', 'a request about no access_token');
  return text;
}

function own(call: Call, client: AuthorityClient, found: FoundToken | undefined): Access | undefined {
  if (found === undefined) return undefined;
  if (found.grant.clientId !== client.id) {
    call.violation('token_of_another', "another client's token");
    return undefined;
  }
  if (found.kind === 'access') return found;
  call.violation('wrong_token', 'a refresh token where an access token belongs');
  return undefined;
}

function described(client: AuthorityClient, text: string, { record, grant, grantId }: Access): JsonObject {
  const { issuedAt, expiresAt, scopes } = record;
  return {
    id: Number(grantId),
    app: { name: 'oauthctl', url: 'https://app.example.com', client_id: client.id },
    token: text,
    token_last_eight: text.slice(-8),
    scopes: [...scopes],
    created_at: new Date(issuedAt).toISOString(),
    expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    user: userOf(personOf(grant.person)),
  };
}
