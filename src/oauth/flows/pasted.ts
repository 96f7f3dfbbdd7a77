// The end of a sign-in that a person pastes: how it is asked for, and how it is read.
import type { Attempt } from '../attempt.ts';
import { type Callback, parseCallback } from '../callback.ts';

/** Terminals and chat programs break lines and put brackets around. */
export function readPasted(pasted: string, attempt: Attempt): Callback {
  const text = unwrapped(pasted.replace(/\s+/g, ''));
  const callback = attempt.gives === 'token' ? afterFragment(text) : afterQuery(text);
  if (attempt.stateIn !== 'printed' || text === '') return callback;
  const isAnswer = [attempt.gives, 'access_token', 'error'].some((name) => callback.values.has(name));
  const isAddress = text.includes('://');
  return isAnswer || isAddress ? callback : { path: '', values: new Map([[attempt.gives, text]]), repeated: new Set() };
}

/** By hand: a pattern for the end would look from every mark within a long row of them. */
function unwrapped(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && '<"\''.includes(text.charAt(start))) start++;
  while (end > start && '>"\''.includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

function afterQuery(text: string): Callback {
  const [beforeFragment = ''] = text.split('#');
  return split(beforeFragment, beforeFragment.indexOf('?'));
}

/** RFC 6749 §4.2.2.1 allows an error there; some servers put it into the query all the same. */
function afterFragment(text: string): Callback {
  const hash = text.indexOf('#');
  return split(text, hash === -1 ? text.indexOf('?') : hash);
}

function split(text: string, mark: number): Callback {
  const [path = ''] = text.slice(0, Math.max(mark, 0)).split('?');
  return parseCallback(text.slice(mark + 1), path);
}

/** `again`: what is said when it was something else. */
export function pasteWords(attempt: Attempt, providerName: string): { readonly ask: string; readonly again: string } {
  const { gives, redirectUri, stateIn } = attempt;
  if (stateIn === 'printed') {
    return {
      ask: `At the end ${providerName} shows a ${gives}. Copy it and paste it here (it is not shown):`,
      again: `Paste the ${gives} as the page of ${providerName} shows it.`,
    };
  }
  const start = (redirectUri ?? '').replace(/[?#].*$/, '');
  return {
    ask: `At the end the browser goes to an address that begins with ${start} and may show nothing there. Copy the whole address and paste it here (it is not shown):`,
    again: `Paste the whole address, with everything after the "${gives === 'token' ? '#' : '?'}".`,
  };
}
