// The authorization endpoint and the pages behind it, until the person has decided. The pages carry the request along and it is
// judged again each time, so that nothing waits here for an answer.
import type { Call, Reply } from '../call.ts';
import { isForm, type Params, parseParams } from '../params.ts';
import {
  type Asked,
  type Complaint,
  type Judged,
  judgeRequest,
  noteSlips,
  type RequestRule,
} from './authorize-request.ts';
import { callBack } from './call-back.ts';
import type { AuthorityClient } from './clients.ts';
import { accountPage, consentPage, copyPage, errorPage, type PageHead } from './pages.ts';
import { type Person, personNamed, signedIn, tickedByItself } from './people.ts';

/** How scopes look on the consent page. */
export interface ScopeLook {
  /** It comes along and cannot be unticked. */
  isFixed(scope: string): boolean;
  words(scope: string): string;
}

export interface AuthorizeRule<C extends AuthorityClient> extends RequestRule<C>, ScopeLook {
  readonly head: PageHead;
  /** Host and path of the form behind the consent page: a route of the family, of audience `browser`. */
  readonly consentAt: readonly [string, string];
  /** The person said yes: makes the code, and answers with `answerWithCode`. */
  allow(call: Call, asked: Asked<C>, person: Person, scopes: readonly string[]): Reply;
  /** Left out: `error` (and the state) is called back. */
  refuse?(call: Call, asked: Asked<C>, error: string, words: string): Reply;
  /** Whom the client hints at, by e-mail address; the chooser is wanted. */
  hint?(params: Params): string | undefined;
  choosesAccount?(params: Params): boolean;
}

/** The handler of the authorization endpoint. */
export function authorize<C extends AuthorityClient>(call: Call, rule: AuthorizeRule<C>): Reply {
  const judged = judgeRequest(call, call.query, rule);
  if (!judged.ok) return refused(call, judged, rule);
  const { asked } = judged;
  noteSlips(call, asked, rule);
  const shown = call.switched('never-calls-back');
  if (shown !== undefined) return errorPage({ error: shown, status: 400, words: 'This sign-in is not possible.' });
  const person = signedIn(call, rule.hint?.(asked.params));
  if (call.consent === 'auto') {
    const ticked = tickedByItself(call, asked.scopes, rule.isFixed);
    return decided(call, asked, person, ticked, rule);
  }
  const request = call.url.search.slice(1);
  return rule.choosesAccount?.(asked.params)
    ? chooseAccount(call, asked, request, rule)
    : askConsent(call, asked, person, request, rule);
}

/** The handler of the form behind the pages. */
export function consent<C extends AuthorityClient>(call: Call, rule: AuthorizeRule<C>): Reply {
  if (isForeignForm(call)) return foreignForm();
  const form = isForm(call.headers) ? parseParams(call.body) : parseParams('');
  const request = form.get('request') ?? '';
  const judged = judgeRequest(call, parseParams(request), rule);
  if (!judged.ok) return refused(call, judged, rule);
  const { asked } = judged;
  const person = personNamed(form.get('account'));
  const answer = form.get('answer');
  if (person === undefined || answer === 'switch') return chooseAccount(call, asked, request, rule);
  if (answer === undefined) return askConsent(call, asked, person, request, rule);
  if (answer !== 'allow') return refuse(call, asked, denied, rule);
  return decided(call, asked, person, tickedOnPage(form, asked.scopes, rule), rule);
}

const denied: Complaint = { error: 'access_denied', words: 'The person said no.', shown: 'callback' };

function decided<C extends AuthorityClient>(
  call: Call,
  asked: Asked<C>,
  person: Person,
  scopes: readonly string[],
  rule: AuthorizeRule<C>,
): Reply {
  const nothing = asked.scopes.length > 0 && scopes.length === 0;
  if (nothing || call.switched('consent-denied') !== undefined) return refuse(call, asked, denied, rule);
  return rule.allow(call, asked, person, scopes);
}

function refused<C extends AuthorityClient>(
  call: Call,
  { complaint, asked }: Extract<Judged<C>, { ok: false }>,
  rule: AuthorizeRule<C>,
): Reply {
  if (complaint.slip !== undefined) call.violation(complaint.slip, complaint.words);
  if (complaint.shown === 'page' || asked === undefined)
    return errorPage({ error: complaint.error, status: complaint.status ?? 400, words: complaint.words });
  return refuse(call, asked, complaint, rule);
}

function refuse<C extends AuthorityClient>(
  call: Call,
  asked: Asked<C>,
  { error, words, status }: Complaint,
  rule: AuthorizeRule<C>,
): Reply {
  if (rule.refuse !== undefined) return rule.refuse(call, asked, error, words);
  if (asked.goesTo === undefined) return errorPage({ error, status: status ?? 403, words });
  return callBack(call, asked.goesTo, [
    ['error', error],
    ['state', asked.state],
  ]);
}

/** A code goes back to the client, or is shown for copying where there is no way back. */
export function answerWithCode<C extends AuthorityClient>(
  call: Call,
  asked: Asked<C>,
  code: string,
  head: PageHead,
  more: readonly (readonly [string, string | undefined])[] = [],
): Reply {
  if (asked.goesTo === undefined) return copyPage(head, 'code', code);
  return callBack(call, asked.goesTo, [['code', code], ['state', asked.state], ...more]);
}

/** Browsers tell where a form was sent from: https://www.w3.org/TR/fetch-metadata/ */
export function isForeignForm(call: Call): boolean {
  return !['same-origin', 'none', undefined].includes(call.headers['sec-fetch-site']);
}

export function foreignForm(): Reply {
  return errorPage({ error: 'invalid_request', status: 400, words: 'The form came from another site.' });
}

export function tickedOnPage(form: Params, asked: readonly string[], look: Pick<ScopeLook, 'isFixed'>): string[] {
  const ticked = form.all('scope');
  return asked.filter((scope) => look.isFixed(scope) || ticked.includes(scope));
}

/** Scopes as the consent page lists them: those that come along first. */
export function scopeChoices(call: Call, scopes: readonly string[], look: ScopeLook) {
  const ticked = tickedByItself(call, scopes, look.isFixed);
  return [...scopes]
    .sort((a, b) => Number(look.isFixed(b)) - Number(look.isFixed(a)))
    .map((scope) => ({ scope, words: look.words(scope), ticked: ticked.includes(scope), fixed: look.isFixed(scope) }));
}

function chooseAccount<C extends AuthorityClient>(
  call: Call,
  asked: Asked<C>,
  request: string,
  rule: AuthorizeRule<C>,
): Reply {
  return accountPage({ head: rule.head, action: action(call, rule), carries: { request }, leadsTo: asked.goesTo });
}

function askConsent<C extends AuthorityClient>(
  call: Call,
  asked: Asked<C>,
  person: Person,
  request: string,
  rule: AuthorizeRule<C>,
): Reply {
  return consentPage({
    head: rule.head,
    action: action(call, rule),
    carries: { request, account: person.email },
    leadsTo: asked.goesTo,
    person,
    choices: scopeChoices(call, asked.scopes, rule),
  });
}

function action<C extends AuthorityClient>(call: Call, { consentAt: [host, path] }: AuthorizeRule<C>): string {
  return call.pageUrl(host, path);
}
