// GET https://api.github.com/user: who a token stands for, and in the headers what it may do. It needs no scope.
// https://docs.github.com/en/rest/users/users (read 2026-11)
import { judgeAccess, readBearer } from '../authority/bearer.ts';
import { type Person, personOf } from '../authority/people.ts';
import type { Call, Reply } from '../call.ts';
import { textReply } from '../replies.ts';
import { apiAnswer, apiError } from './answers.ts';
import { loginOf, userIdOf } from './registration.ts';

export function user(call: Call): Reply {
  const unnamed = nobodyAsks(call);
  if (unnamed !== undefined) return unnamed;
  const judged = judgeAccess(call, readBearer(call));
  if (!judged.ok)
    return apiError(call, 401, judged.why === 'token_missing' ? 'Requires authentication' : 'Bad credentials');
  judged.grant.usedAt = call.at;
  const person = personOf(judged.grant.person);
  const email = call.switched('github-email') === undefined ? person.email : null;
  const headers = { 'x-oauth-scopes': judged.access.scopes.join(', '), 'x-accepted-oauth-scopes': '' };
  return apiAnswer(call, 200, { ...userOf(person), name: person.name, email }, headers);
}

export function userOf(person: Person) {
  return { login: loginOf(person), id: userIdOf(person), type: 'User', site_admin: false };
}

/** Unverified. */
function nobodyAsks(call: Call): Reply | undefined {
  if (call.headers['user-agent'] || call.switched('github-user-agent') === undefined) return undefined;
  call.violation('user_agent', 'a request to the API without a User-Agent');
  return textReply(
    403,
    'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
  );
}
