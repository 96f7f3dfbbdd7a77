// GET https://api.notion.com/v1/users/me: the bot of the authorization, and who owns it.
// https://developers.notion.com/reference/get-self (read 2026-11)
import { judgeAccess, readBearer } from '../authority/bearer.ts';
import type { Call, Reply } from '../call.ts';
import { answer, apiError, versionComplaint } from './answers.ts';
import { botIdOf, workspace } from './connection.ts';
import { owner } from './token.ts';

export function usersMe(call: Call): Reply {
  const versionless = versionComplaint(call);
  if (versionless !== undefined) return versionless;
  const judged = judgeAccess(call, readBearer(call));
  if (!judged.ok) return apiError(call, 401, 'unauthorized', 'API token is invalid.');
  return answer(call, {
    object: 'user',
    id: botIdOf(judged.grantId),
    name: 'oauthctl',
    avatar_url: null,
    type: 'bot',
    bot: { owner: owner(call, judged.grant.person), workspace_name: workspace.name },
  });
}
