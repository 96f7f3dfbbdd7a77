// GET https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize
// https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow (read 2026-11)
import { type AuthorizeRule, authorize as ask, consent as decide } from '../authority/authorize.ts';
import type { Asked, Complaint } from '../authority/authorize-request.ts';
import { issMember } from '../authority/call-back.ts';
import type { AuthorityClient } from '../authority/clients.ts';
import { issueCode } from '../authority/codes.ts';
import { type Person, tickedByItself } from '../authority/people.ts';
import { anyLoopbackPort, type RedirectRule } from '../authority/redirects.ts';
import type { Call, Reply } from '../call.ts';
import { type Params, parseParams } from '../params.ts';
import { authorizePath, clients, codeSpan, loginHost, type Tenant, tenantNamed, usualPerson } from './directory.ts';
import { type Aadsts, aadPage, errorDescription } from './errors.ts';
import { furtherComplaint, scopesAsked } from './request-rules.ts';
import { goBack } from './response-modes.ts';
import { isIdentity, scopeWords } from './scopes.ts';
import { head, stopped } from './sign-in.ts';

export function authorize(call: Call): Reply {
  return told(call, call.query, ask);
}

export function consent(call: Call): Reply {
  return told(call, parseParams(parseParams(call.body).get('request') ?? ''), decide);
}

/** What is wrong with the tenant, the app or the address is said in Microsoft's numbers. */
function told(call: Call, params: Params, answer: typeof ask): Reply {
  const tenant = tenantNamed(call.segments.tenant);
  if (tenant === undefined) return aadPage('90002');
  const rule = ruleFor(call, tenant);
  const number = misled(params, rule.redirect);
  const reply = answer(call, rule);
  return number === undefined ? reply : aadPage(number);
}

function misled(params: Params, redirect: RedirectRule): Aadsts | undefined {
  const client = clients.find(({ id }) => id === params.get('client_id'));
  const uri = params.get('redirect_uri');
  if (params.get('client_id') === undefined || uri === undefined) return '900144';
  if (client === undefined) return '700016';
  return redirect(client, uri) ? undefined : '50011';
}

function ruleFor(call: Call, tenant: Tenant): AuthorizeRule<AuthorityClient> {
  return {
    head,
    consentAt: [loginHost, authorizePath(tenant)],
    clients,
    responseTypes: ['code'],
    redirect: redirectRule(call),
    // https://learn.microsoft.com/en-us/entra/identity-platform/reply-url: an address without a path comes back with one.
    returnsTo: (uri) => (/^https?:\/\/[^/?#]+$/.test(uri) ? `${uri}/` : uri),
    pkce: () => 'supported',
    tells: 'callback',
    scopes: (_, params) => scopesAsked(params),
    further: (here, asked): Complaint | undefined => furtherComplaint(here, asked, tenant),
    // All of it or nothing: there is nothing to untick on the page.
    isFixed: (scope) => call.consent === 'browser' || isIdentity(scope),
    words: scopeWords,
    hint: (params) => params.get('login_hint') ?? usualPerson(tenant).email,
    choosesAccount: (params) => (params.get('prompt') ?? '').split(' ').includes('select_account'),
    allow: (here, asked, person, scopes) => allow(here, asked, person, scopes, tenant),
    refuse,
  };
}

/** Any port of `localhost`, the path letter for letter. The portal does not take 127.0.0.1; the manifest does. */
function redirectRule(call: Call): RedirectRule {
  if (call.peek('microsoft-loopback') === undefined) return anyLoopbackPort;
  return (client, uri) => anyLoopbackPort(client, uri.replace(/^http:\/\/127\.0\.0\.1(?=[:/]|$)/, 'http://localhost'));
}

function allow(
  call: Call,
  asked: Asked<AuthorityClient>,
  person: Person,
  scopes: readonly string[],
  tenant: Tenant,
): Reply {
  const number = stopped(call, person.key, scopes, tenant);
  if (number !== undefined) return aadPage(number);
  const { client, redirectUri, challenge, params } = asked;
  const more = { tenant, nonce: params.get('nonce') ?? null, asked: asked.scopes };
  // Nobody unticks anything here, but an administrator may have consented to less.
  const granted = tickedByItself(call, scopes, isIdentity);
  const code = issueCode(
    call,
    { clientId: client.id, person: person.key, scopes: granted, more, redirectUri, challenge },
    codeSpan(call),
  );
  return goBack(call, asked, [['code', code], ['state', asked.state], issMember(call, undefined)]);
}

/** Complaints of the request's form come without a number of their own. */
const numbers: Readonly<Record<string, Aadsts>> = {
  access_denied: '65004',
  invalid_scope: '70011',
  login_required: '50058',
  unsupported_response_type: '700051',
};

function refuse(call: Call, asked: Asked<AuthorityClient>, error: string, words: string): Reply {
  const number = numbers[error] ?? '90023';
  return goBack(call, asked, [
    ['error', error],
    ['error_description', errorDescription(call, number, error === 'access_denied' ? undefined : words)],
    ['state', asked.state],
  ]);
}
