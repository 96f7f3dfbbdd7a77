// https://slack.com/api/auth.test and auth.revoke: who a token is, and the end of it. Both take it as a bearer token.
// https://github.com/slackapi/node-slack-sdk and https://docs.slack.dev/authentication/using-token-rotation (read 2026-11)
import type { JsonObject } from '../../model/json.ts';
import type { AccessRecord, GrantRecord } from '../authority/authority-state.ts';
import { judgeAccess, readBearer } from '../authority/bearer.ts';
import { noteSecretsInUrl } from '../authority/bodies.ts';
import { endGrants, endToken, type FoundToken, findToken } from '../authority/grant-ends.ts';
import { personOf } from '../authority/people.ts';
import type { Call, Reply } from '../call.ts';
import { isForm, parseParams } from '../params.ts';
import { answer, failure, refusal } from './answers.ts';
import { appId, bot, enterprise, team, userIdOf } from './workspace.ts';

const causes = {
  token_missing: 'not_authed',
  unknown: 'invalid_auth',
  wrong_token: 'invalid_auth',
  expired: 'token_expired',
  ended: 'token_revoked',
} as const;

export function authTest(call: Call): Reply {
  noteSecretsInUrl(call);
  const judged = judgeAccess(call, readBearer(call));
  if (!judged.ok) return judged.why === 'token_missing' ? failure('not_authed') : dead(call, causes[judged.why]);
  const refused = refusal(call);
  if (refused !== undefined) return refused;
  const { access, grant } = judged;
  return answer(
    { url: 'https://analytical-engines.slack.com/', ...whose(call, grant), ...newer(call, access) },
    access.scopes,
  );
}

/** Which name a dead token gets is unverified. */
function dead(call: Call, error: string): Reply {
  return failure(call.switched('slack-dead-token') ?? error);
}

function whose(call: Call, { person, more }: GrantRecord): JsonObject {
  const who: JsonObject =
    more.role === 'bot'
      ? { user: bot.name, user_id: bot.userId, bot_id: bot.id }
      : { user: personOf(person).key, user_id: userIdOf(person) };
  const belongs = call.switched('slack-enterprise') !== undefined;
  const above = belongs ? { enterprise_id: enterprise.id } : {};
  return { team: team.name, team_id: team.id, ...who, ...above, is_enterprise_install: false };
}

function newer(call: Call, { expiresAt }: AccessRecord): JsonObject {
  if (call.switched('slack-auth-test') !== undefined) return {};
  const seconds = expiresAt === null ? {} : { expires_in: Math.floor((expiresAt - call.at) / 1000) };
  return { app_id: appId, app_name: bot.name, ...seconds };
}

/** One token, of either kind, where tokens rotate; where they last, all that the person allowed the app. */
export function authRevoke(call: Call): Reply {
  noteSecretsInUrl(call);
  const found = findToken(call, readBearer(call));
  if (call.headers.authorization === undefined) {
    call.violation('token_missing', 'a revocation of no token');
    return failure('not_authed');
  }
  if (found === undefined) return dead(call, 'invalid_auth');
  const refused = refusal(call);
  if (refused !== undefined) return refused;
  if (!found.live)
    return call.switched('revoke-dead') === 'accepted' ? revoked(call, found) : dead(call, causeOf(found));
  if (isTest(call)) return answer({ revoked: false }, scopesOf(found));
  const { clientId, person, more } = found.grant;
  if (more.rotates === true) endToken(call, found);
  else endGrants(call, (grant) => grant.clientId === clientId && grant.person === person);
  return revoked(call, found);
}

/** `test=1`: a dry run. */
function isTest(call: Call): boolean {
  const form = parseParams(isForm(call.headers) ? call.body : '');
  return (form.get('test') ?? call.query.get('test')) !== undefined;
}

/** Whether `revoked` comes is unverified. */
function revoked(call: Call, found: FoundToken): Reply {
  return answer(call.switched('slack-revoked') === undefined ? { revoked: true } : {}, scopesOf(found));
}

function causeOf({ grant, record }: FoundToken): string {
  return grant.endedAt !== null || record.endedAt !== null || !('expiresAt' in record) ? causes.ended : causes.expired;
}

function scopesOf(found: FoundToken): readonly string[] {
  return found.kind === 'access' ? found.record.scopes : found.grant.scopes;
}
