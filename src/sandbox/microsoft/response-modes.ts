// The three ways back to the client: query, fragment, and a form that the browser posts.
// https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html
import type { Asked } from '../authority/authorize-request.ts';
import { callBack, type Members } from '../authority/call-back.ts';
import type { AuthorityClient } from '../authority/clients.ts';
import type { Call, Reply } from '../call.ts';
import { html } from '../html.ts';
import { pageReply } from '../page.ts';

export function isLoopback(uri: string): boolean {
  return /^http:\/\/(localhost|127\.0\.0\.1)([:/]|$)/.test(uri);
}

export function goBack(call: Call, { goesTo, redirectUri, params }: Asked<AuthorityClient>, members: Members): Reply {
  const mode = params.get('response_mode');
  if (mode === 'form_post') return formPost(redirectUri ?? '', members);
  return callBack(call, goesTo ?? '', members, mode === 'fragment' ? 'fragment' : 'query');
}

/** A button stands for the script that would post it at once. */
function formPost(action: string, members: Members): Reply {
  const body = html`<form class="card" method="post" action="${action}">
<h1>Signed in</h1>
${members.map(([name, value]) =>
  value === undefined ? { html: '' } : html`<input type="hidden" name="${name}" value="${value}">`,
)}
<div class="acts"><button class="go">Go back to the app</button></div>
</form>`;
  return pageReply(200, { title: 'Go back to the app', body, leadsTo: action });
}
