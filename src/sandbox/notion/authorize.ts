// GET https://api.notion.com/v1/oauth/authorize. There are no scopes: the person picks pages.
// https://developers.notion.com/guides/get-started/authorization (read 2026-11)

import { type AuthorizeRule, answerWithCode } from '../authority/authorize.ts';
import type { Complaint } from '../authority/authorize-request.ts';
import type { AuthorityClient } from '../authority/clients.ts';
import { issueCode } from '../authority/codes.ts';
import { exactly } from '../authority/redirects.ts';
import { clients, codeSpan } from './connection.ts';

const head = { mark: 'N', appName: 'oauthctl' };

export const authorizeRule: AuthorizeRule<AuthorityClient> = {
  head,
  consentAt: ['api.notion.com', '/v1/oauth/authorize'],
  clients,
  responseTypes: ['code'],
  redirect: exactly,
  pkce: () => 'silent',
  tells: 'page',
  isFixed: () => true,
  words: (scope) => scope,
  further(call, { params }): Complaint | undefined {
    const refused = (error: string, words: string, slip?: string): Complaint => ({
      error,
      words,
      shown: 'page',
      ...(slip === undefined ? {} : { slip }),
    });
    if (params.get('owner') !== 'user') return refused('invalid_request', 'Missing or invalid owner.', 'owner');
    if (params.get('scope') !== undefined) call.violation('scope', 'scope to a server that has no scopes');
    // Ignored or refused: unverified. That it came is noted either way.
    if (params.get('code_challenge') !== undefined && call.switched('notion-code-challenge') !== undefined)
      return refused('invalid_request', 'Unexpected code_challenge.', 'pkce_unwanted');
    return undefined;
  },
  allow(call, { client, redirectUri, challenge, ...asked }, person, scopes) {
    const code = issueCode(
      call,
      { clientId: client.id, person: person.key, scopes, more: {}, redirectUri, challenge },
      codeSpan,
    );
    return answerWithCode(call, { client, redirectUri, challenge, ...asked }, code, head);
  },
};
