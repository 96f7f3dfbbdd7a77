// A person who says yes, for where there is no person.
import { CliError } from '../errors.ts';
import type { Sandbox } from './sandbox.ts';

/**
 * Consents to an authorization request and returns the redirect address that the browser would be sent to, errors that the
 * provider calls back with included. Throws `provider_refused`, with what the page says, when the browser would stay on a page.
 */
export async function approve(sandbox: Sandbox, authorizationUrl: string): Promise<string> {
  const answer = await sandbox.answer({ method: 'GET', url: authorizationUrl, headers: {}, consent: 'auto' });
  if (answer.headers.location !== undefined) return answer.headers.location;
  throw new CliError(
    'provider_refused',
    `the sandbox shows a page instead of a redirect: ${answer.says ?? 'no words'}`,
    {
      hint: 'leave --sandbox-consent out to see the page in a browser',
    },
  );
}
