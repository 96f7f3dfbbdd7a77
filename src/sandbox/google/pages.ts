// What this Google shows in a browser. The look is the sandbox's own; Google's marks are not used.
import type { Reply } from '../call.ts';
import { type Html, html } from '../html.ts';
import { pageReply } from '../page.ts';
import { accounts, type GoogleAccount, project } from './project.ts';
import { isIdentity, scopeWords } from './scopes.ts';

interface FormPage {
  /** Where the form is sent. */
  readonly action: string;
  /** What the form carries along unseen. */
  readonly carries: Readonly<Record<string, string>>;
  /** Where the decision leads the browser, when it leaves the sandbox. */
  readonly leadsTo?: string | undefined;
}

export function accountPage(page: FormPage): Reply {
  const body = html`<form class="card" method="post" action="${page.action}">
<div class="mark" aria-hidden="true">G</div>
<h1>Choose an account</h1>
<p class="soft">to continue to ${project.name}</p>
${carried(page.carries)}
${accounts.map(
  (account) => html`<button class="row" name="account" value="${account.email}">${person(account)}</button>`,
)}
<p class="soft small">These people exist only here. Nobody asks for a password.</p>
</form>`;
  return pageReply(200, { title: 'Choose an account', body, leadsTo: page.leadsTo });
}

export interface ConsentPage extends FormPage {
  readonly account: GoogleAccount;
  readonly scopes: readonly string[];
  readonly ticked: readonly string[];
}

export function consentPage(page: ConsentPage): Reply {
  const body = html`<form class="card" method="post" action="${page.action}">
<div class="mark" aria-hidden="true">G</div>
<h1>${project.name} wants access to your account</h1>
<p class="soft">Choose what it may do. What you untick is not granted.</p>
<div class="chosen">${person(page.account)}<button class="link" name="answer" value="switch">Use another account</button></div>
${carried(page.carries)}
${identityFirst(page.scopes).map((scope) => choice(scope, page.ticked.includes(scope)))}
<div class="acts">
<button name="answer" value="cancel">Cancel</button>
<button class="go" name="answer" value="allow">Allow</button>
</div>
</form>`;
  return pageReply(200, { title: `${project.name} wants access`, body, leadsTo: page.leadsTo });
}

function identityFirst(scopes: readonly string[]): readonly string[] {
  return [...scopes].sort((a, b) => Number(isIdentity(b)) - Number(isIdentity(a)));
}

/** Granular consent: every scope but the identity can be unticked. https://developers.google.com/identity/protocols/oauth2/native-app */
function choice(scope: string, ticked: boolean): Html {
  const state = html`${ticked ? { html: ' checked' } : undefined}${isIdentity(scope) ? { html: ' disabled' } : undefined}`;
  return html`<label class="choice"><input type="checkbox" name="scope" value="${scope}"${state}>
<span>${scopeWords(scope)}<code>${scope}</code></span></label>`;
}

export function deviceCodePage(page: FormPage, typed: string, complaint?: string): Reply {
  const body = html`<form class="card" method="post" action="${page.action}">
<div class="mark" aria-hidden="true">G</div>
<h1>Connect a device</h1>
<p class="soft">${complaint ?? 'Enter the code that your device shows.'}</p>
<p><input class="code" name="user_code" value="${typed}" aria-label="Code" autocomplete="off" spellcheck="false" maxlength="9" autofocus></p>
<div class="acts"><button class="go">Continue</button></div>
</form>`;
  return pageReply(complaint === undefined ? 200 : 400, { title: 'Connect a device', body });
}

export function deviceDonePage(allowed: boolean): Reply {
  const title = allowed ? 'Your device is connected' : 'Your device was refused';
  const body = html`<div class="card">
<div class="mark" aria-hidden="true">G</div>
<h1>${title}</h1>
<p class="soft">You may close this page and go back to your device.</p>
</div>`;
  return pageReply(200, { title, body });
}

/**
 * Errors that never reach the client: https://developers.google.com/identity/protocols/oauth2/native-app#authorization-errors
 */
const knownErrors: Readonly<Record<string, { readonly status: number; readonly words: string }>> = {
  admin_policy_enforced: {
    status: 400,
    words: "The organisation's administrator does not let this app use one of the requested scopes.",
  },
  redirect_uri_mismatch: { status: 400, words: 'The redirect address does not fit what is registered for the client.' },
  org_internal: { status: 403, words: 'This app is for members of one organisation, and you are not one of them.' },
  deleted_client: { status: 401, words: 'The OAuth client was deleted.' },
  disallowed_useragent: { status: 403, words: 'Sign-in is not possible in a browser that is part of an app.' },
  access_denied: { status: 403, words: 'The app is being tested, and you are not on its list of test users.' },
  rate_limit_exceeded: { status: 403, words: 'Too many new people signed in to this app. Try again later.' },
};

export interface ShownError {
  readonly error: string;
  readonly status?: number;
  readonly words?: string;
}

export function browserErrorPage(shown: ShownError): Reply {
  const known = knownErrors[shown.error];
  const status = shown.status ?? known?.status ?? 400;
  const words = shown.words ?? known?.words ?? '';
  const title = `Access blocked: Error ${status}: ${shown.error}`;
  const body = html`<div class="card">
<div class="mark bad" aria-hidden="true">!</div>
<h1>Access blocked</h1>
<p>${words}</p>
<p class="soft small"><code>Error ${status}: ${shown.error}</code></p>
<p class="soft small">The app that sent you here is not told. It waits until it gives up.</p>
</div>`;
  return { ...pageReply(status, { title, body }), says: `${title}. ${words}` };
}

function carried(carries: Readonly<Record<string, string>>): Html {
  return html`${Object.entries(carries).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}`;
}

function person(account: GoogleAccount): Html {
  return html`<span class="person"><span class="face" aria-hidden="true">${account.givenName.charAt(0)}</span>
<span><b>${account.name}</b><span class="soft small">${account.email}</span></span></span>`;
}
