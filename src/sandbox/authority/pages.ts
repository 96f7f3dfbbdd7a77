// The pages that every imitated provider shows in a browser. The look is the sandbox's own; nobody's marks are used.
import type { Reply } from '../call.ts';
import { type Html, html } from '../html.ts';
import { pageReply } from '../page.ts';
import { type Person, people } from './people.ts';

export interface PageHead {
  /** One letter. */
  readonly mark: string;
  /** Who asks. */
  readonly appName: string;
}

export interface FormPage {
  readonly head: PageHead;
  /** Where the form is sent. */
  readonly action: string;
  /** What the form carries along unseen. */
  readonly carries: Readonly<Record<string, string>>;
  /** Where the decision leads the browser, when it leaves the sandbox. */
  readonly leadsTo?: string | undefined;
}

export function accountPage(page: FormPage): Reply {
  const body = html`<form class="card" method="post" action="${page.action}">
${mark(page.head)}
<h1>Choose an account</h1>
<p class="soft">to continue to ${page.head.appName}</p>
${carried(page.carries)}
${people.map((person) => html`<button class="row" name="account" value="${person.email}">${face(person)}</button>`)}
<p class="soft small">These people exist only here. Nobody asks for a password.</p>
</form>`;
  return pageReply(200, { title: 'Choose an account', body, leadsTo: page.leadsTo });
}

interface ScopeChoice {
  readonly scope: string;
  readonly words: string;
  readonly ticked: boolean;
  /** It comes along and cannot be unticked. */
  readonly fixed: boolean;
}

export interface ConsentPage extends FormPage {
  readonly person: Person;
  readonly choices: readonly ScopeChoice[];
}

export function consentPage(page: ConsentPage): Reply {
  const { appName } = page.head;
  const choosable = page.choices.some(({ fixed }) => !fixed);
  const body = html`<form class="card" method="post" action="${page.action}">
${mark(page.head)}
<h1>${appName} wants access to your account</h1>
<p class="soft">${choosable ? 'Choose what it may do. What you untick is not granted.' : 'You may end this at any time.'}</p>
<div class="chosen">${face(page.person)}<button class="link" name="answer" value="switch">Use another account</button></div>
${carried(page.carries)}
${page.choices.map(choice)}
<div class="acts">
<button name="answer" value="cancel">Cancel</button>
<button class="go" name="answer" value="allow">Allow</button>
</div>
</form>`;
  return pageReply(200, { title: `${appName} wants access`, body, leadsTo: page.leadsTo });
}

function choice({ scope, words, ticked, fixed }: ScopeChoice): Html {
  const state = html`${ticked ? { html: ' checked' } : undefined}${fixed ? { html: ' disabled' } : undefined}`;
  return html`<label class="choice"><input type="checkbox" name="scope" value="${scope}"${state}>
<span>${words}<code>${scope}</code></span></label>`;
}

export function deviceCodePage(page: FormPage, typed: string, complaint?: string): Reply {
  const body = html`<form class="card" method="post" action="${page.action}">
${mark(page.head)}
<h1>Connect a device</h1>
<p class="soft">${complaint ?? 'Enter the code that your device shows.'}</p>
<p><input class="code" name="user_code" value="${typed}" aria-label="Code" autocomplete="off" spellcheck="false" maxlength="9" autofocus></p>
<div class="acts"><button class="go">Continue</button></div>
</form>`;
  return pageReply(complaint === undefined ? 200 : 400, { title: 'Connect a device', body });
}

export function deviceDonePage(head: PageHead, allowed: boolean): Reply {
  const title = allowed ? 'Your device is connected' : 'Your device was refused';
  const body = html`<div class="card">
${mark(head)}
<h1>${title}</h1>
<p class="soft">You may close this page and go back to your device.</p>
</div>`;
  return pageReply(200, { title, body });
}

/** A code or token for copying into the client, where no address leads back to it. */
export function copyPage(head: PageHead, what: 'code' | 'token', text: string): Reply {
  const title = `Copy this ${what}`;
  const body = html`<div class="card">
${mark(head)}
<h1>${title}</h1>
<p class="soft">Paste it where ${head.appName} asks for it.</p>
<p><code id="copy">${text}</code></p>
</div>`;
  return pageReply(200, { title, body });
}

export interface ErrorShown {
  readonly error: string;
  readonly status: number;
  readonly words: string;
}

/** The client is not told: it waits until it gives up. */
export function errorPage({ error, status, words }: ErrorShown): Reply {
  const title = `Access blocked: Error ${status}: ${error}`;
  const body = html`<div class="card">
<div class="mark bad" aria-hidden="true">!</div>
<h1>Access blocked</h1>
<p>${words}</p>
<p class="soft small"><code>Error ${status}: ${error}</code></p>
<p class="soft small">The app that sent you here is not told. It waits until it gives up.</p>
</div>`;
  return { ...pageReply(status, { title, body }), says: `${title}. ${words}` };
}

function mark(head: PageHead): Html {
  return html`<div class="mark" aria-hidden="true">${head.mark}</div>`;
}

function carried(carries: Readonly<Record<string, string>>): Html {
  return html`${Object.entries(carries).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}`;
}

function face(person: Person): Html {
  return html`<span class="person"><span class="face" aria-hidden="true">${person.givenName.charAt(0)}</span>
<span><b>${person.name}</b><span class="soft small">${person.email}</span></span></span>`;
}
