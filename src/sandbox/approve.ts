// A person who says yes, for where there is no person.
import { CliError } from '../errors.ts';
import type { Sandbox } from './sandbox.ts';

/** What an authorization request comes to: an address that the browser is sent to, or a code or token on a page, for copying. */
type Outcome = { readonly at: 'address'; readonly address: string } | { readonly at: 'page'; readonly copied: string };

/**
 * Consents to an authorization request. Errors that the provider calls back with are an address too; throws `provider_refused`,
 * with what the page says, when the browser would stay on a page with nothing to copy.
 */
export async function consentTo(sandbox: Pick<Sandbox, 'answer'>, authorizationUrl: string): Promise<Outcome> {
  const answer = await sandbox.answer({ method: 'GET', url: authorizationUrl, headers: {}, consent: 'auto' });
  if (answer.headers.location !== undefined) return { at: 'address', address: answer.headers.location };
  const copied = /<code id="copy">([^<]+)<\/code>/.exec(answer.body)?.[1];
  if (copied !== undefined) return { at: 'page', copied };
  throw stays(answer.says ?? 'no words');
}

/** The same where only an address will do. */
export async function approve(sandbox: Sandbox, authorizationUrl: string): Promise<string> {
  const outcome = await consentTo(sandbox, authorizationUrl);
  if (outcome.at === 'address') return outcome.address;
  throw stays('something to copy');
}

function stays(words: string): CliError {
  return new CliError('provider_refused', `the sandbox shows a page instead of a redirect: ${words}`, {
    hint: 'leave --sandbox-consent out to see the page in a browser',
  });
}
