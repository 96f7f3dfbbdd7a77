// What this Google shows in a browser: the pages that all have, with Google's words for scopes and errors.
import { scopeChoices } from '../authority/authorize.ts';
import { consentPage as commonPage, errorPage, type FormPage } from '../authority/pages.ts';
import type { Call, Reply } from '../call.ts';
import { type GoogleAccount, project } from './project.ts';
import { isIdentity, scopeWords } from './scopes.ts';

export const head = { mark: 'G', appName: project.name };

/** Granular consent: every scope but the identity can be unticked. https://developers.google.com/identity/protocols/oauth2/native-app */
export function consentPage(
  call: Call,
  page: Omit<FormPage, 'head'>,
  person: GoogleAccount,
  scopes: readonly string[],
): Reply {
  const choices = scopeChoices(call, scopes, { isFixed: isIdentity, words: scopeWords });
  return commonPage({ ...page, head, person, choices });
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
  // The switch without a value says so.
  const error = shown.error === 'blocked' ? 'admin_policy_enforced' : shown.error;
  const known = knownErrors[error];
  return errorPage({ error, status: shown.status ?? known?.status ?? 400, words: shown.words ?? known?.words ?? '' });
}
