// What an install gives, and how the token answers spell it: nested for the person when a code is exchanged, flat at a refresh.
// https://docs.slack.dev/authentication/installing-with-oauth and https://github.com/slackapi/node-slack-sdk (read 2026-11)
import type { JsonObject } from '../../model/json.ts';
import { type Allowed, authorityState } from '../authority/authority-state.ts';
import type { AuthorityClient } from '../authority/clients.ts';
import { isLive } from '../authority/grant-ends.ts';
import { expiryMembers, extraMembers, type Issued, startGrant } from '../authority/grants.ts';
import type { Call, Reply } from '../call.ts';
import { answer, bare, botPrefix } from './answers.ts';
import {
  appId,
  bot,
  enterprise,
  isRotating,
  lastingRule,
  type Role,
  rotatingRule,
  team,
  userIdOf,
} from './workspace.ts';

/** One grant for each role: they are refreshed, checked and revoked apart. */
export function install(call: Call, client: AuthorityClient, allowed: Allowed): Reply {
  const rotates = isRotating(call, client);
  const members = (role: Role): JsonObject => {
    const asked = allowed.scopes.filter((scope) => scope.startsWith(botPrefix) === (role === 'bot'));
    if (asked.length === 0) return {};
    const scopes = [...new Set([...heldScopes(call, client, allowed.person, role), ...asked])];
    const rule = (rotates ? rotatingRule : lastingRule)(role, client.kind);
    const grant = { clientId: client.id, person: allowed.person, scopes, more: { role, rotates } };
    return tokenMembers(call, startGrant(call, grant, rule, rotates), role, scopes);
  };
  const [botMembers, userMembers] = [members('bot'), members('user')];
  const botUser = 'access_token' in botMembers ? { bot_user_id: bot.userId } : {};
  return answer({
    app_id: appId,
    authed_user: { id: userIdOf(allowed.person), ...userMembers },
    ...botMembers,
    ...botUser,
    ...whereabouts(call),
    ...extraMembers(call),
  });
}

/** Flat, and `token_type` says whose it is. */
export function refreshed(call: Call, issued: Issued, role: Role, scopes: readonly string[]): Reply {
  return answer({
    ...tokenMembers(call, issued, role, scopes),
    app_id: appId,
    ...(role === 'bot' ? { bot_user_id: bot.userId } : {}),
    ...whereabouts(call),
    ...extraMembers(call),
  });
}

/** Scopes add up from one sign-in to the next, as long as anything of the earlier ones still works. */
function heldScopes(call: Call, client: AuthorityClient, person: string, role: Role): readonly string[] {
  const { grants, access, refresh } = authorityState(call);
  const works = (id: string) =>
    Object.values(access).some((token) => token.grant === id && !token.endedAt && isLive(call, token.expiresAt)) ||
    Object.values(refresh).some((token) => token.grant === id && !token.endedAt && isLive(call, token.endsAt));
  return Object.entries(grants)
    .filter(([, grant]) => grant.clientId === client.id && grant.more.role === role && grant.endedAt === null)
    .filter(([id, grant]) => (role === 'bot' || grant.person === person) && works(id))
    .flatMap(([, grant]) => grant.scopes);
}

function tokenMembers(call: Call, issued: Issued, role: Role, scopes: readonly string[]): JsonObject {
  return {
    scope: bare(scopes).join(','),
    access_token: issued.accessToken,
    token_type: role,
    ...(issued.refreshToken === undefined ? {} : { refresh_token: issued.refreshToken }),
    ...expiryMembers(call, issued.accessSeconds),
  };
}

function whereabouts(call: Call): JsonObject {
  const belongs = call.switched('slack-enterprise') !== undefined;
  return { team: { ...team }, enterprise: belongs ? { ...enterprise } : null, is_enterprise_install: false };
}
