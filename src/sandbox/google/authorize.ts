// GET https://accounts.google.com/o/oauth2/v2/auth, and the pages that follow it until the person has decided.
import { foreignForm, isForeignForm, tickedOnPage } from '../authority/authorize.ts';
import { accountPage } from '../authority/pages.ts';
import type { Call, Reply } from '../call.ts';
import { isForm, parseParams } from '../params.ts';
import { type Asked, judgeRequest, noteSlips } from './authorize-request.ts';
import { allow, refuse } from './decision.ts';
import { allowedBefore } from './google-state.ts';
import { browserErrorPage, consentPage, head } from './pages.ts';
import { signedIn, tickedByItself } from './person.ts';
import { accountNamed, type GoogleAccount } from './project.ts';
import { isIdentity } from './scopes.ts';

export function authorize(call: Call): Reply {
  const judged = judgeRequest(call, call.query);
  if (!judged.ok) {
    const { error, words, slip } = judged.complaint;
    if (slip) call.violation(error, words);
    return browserErrorPage(judged.complaint);
  }
  const { asked } = judged;
  noteSlips(call, asked);
  const shown = call.switched('never-calls-back');
  if (shown !== undefined) return browserErrorPage({ error: shown });
  if (asked.prompts.includes('none')) return answerSilently(call, asked);
  const person = signedIn(call, asked.loginHint);
  if (call.consent === 'auto') return allow(call, asked, person, tickedByItself(call, asked.scopes));
  const request = call.url.search.slice(1);
  const choose = asked.prompts.includes('select_account');
  return choose ? chooseAccount(call, asked, request) : askConsent(call, asked, person, request);
}

/** prompt=none shows no page: OpenID Connect Core §3.1.2.1. */
function answerSilently(call: Call, asked: Asked): Reply {
  const person = signedIn(call, asked.loginHint);
  const before = allowedBefore(call, person.sub, asked.client.id) ?? [];
  const covered = asked.scopes.every((scope) => before.includes(scope));
  return covered ? allow(call, asked, person, asked.scopes) : refuse(call, asked, 'interaction_required');
}

/** The pages carry the request along and it is judged again each time, so that nothing waits here for an answer. */
export function consent(call: Call): Reply {
  const form = isForm(call.headers) ? parseParams(call.body) : parseParams('');
  if (isForeignForm(call)) return foreignForm();
  const request = form.get('request') ?? '';
  const judged = judgeRequest(call, parseParams(request));
  if (!judged.ok) return browserErrorPage(judged.complaint);
  const { asked } = judged;
  const account = accountNamed(form.get('account'));
  const answer = form.get('answer');
  if (account === undefined || answer === 'switch') return chooseAccount(call, asked, request);
  if (answer === undefined) return askConsent(call, asked, account, request);
  return answer === 'allow'
    ? allow(call, asked, account, tickedOnPage(form, asked.scopes, { isFixed: isIdentity }))
    : refuse(call, asked, 'access_denied');
}

function chooseAccount(call: Call, asked: Asked, request: string): Reply {
  return accountPage({ head, action: consentAddress(call), carries: { request }, leadsTo: asked.redirectUri });
}

function askConsent(call: Call, asked: Asked, account: GoogleAccount, request: string): Reply {
  const carries = { request, account: account.email };
  const page = { action: consentAddress(call), carries, leadsTo: asked.redirectUri };
  return consentPage(call, page, account, asked.scopes);
}

function consentAddress(call: Call): string {
  return call.pageUrl('accounts.google.com', '/signin/oauth/consent');
}
