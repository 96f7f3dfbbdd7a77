// The words for a sign-in whose end never came: most failures are shown on the provider's own page and never come back, so
// the likeliest are named.
import { CliError } from '../../errors.ts';
import { describeSeconds } from '../../model/instants.ts';
import type { Attempt } from '../attempt.ts';
import type { RedirectRequest } from './request.ts';

/** `stray`: why the last answer that came was none. `page`: what the browser stays on, where that is known before the time is over. */
export function nobodyCame(
  request: RedirectRequest,
  attempt: Attempt,
  stray: string | undefined,
  page?: string,
): CliError {
  const { name, id, silentFailures } = request.peer.provider;
  const causes = [
    ...notRegistered(request, attempt),
    ...silentFailures,
    ...(stray === undefined ? [] : [`an answer came that could not be used: ${stray}`]),
  ];
  const list = causes.map((cause, index) => `(${index + 1}) ${cause}`).join('; ');
  const nobody =
    attempt.stateIn === 'printed' ? `nobody pasted the ${attempt.gives} of ${name}` : `nobody came back from ${name}`;
  const likely = list === '' ? '' : `; likely causes: ${list}`;
  const when = page === undefined ? ` within ${describeSeconds(request.waitSeconds)}` : `: ${page}`;
  return new CliError('timed_out', `${nobody}${when}${likely}`, {
    hint: `oauthctl provider guide ${id}`,
  });
}

/** What the person must have told the provider beforehand, letter for letter. */
function notRegistered({ peer: { provider }, redirect }: RedirectRequest, { redirectUri }: Attempt): readonly string[] {
  const { name, redirect: rule } = provider;
  if (redirectUri === null) return [];
  if (rule.register === 'origin' && URL.canParse(redirectUri)) {
    return [`${new URL(redirectUri).origin} is not among the allowed origins of this app at ${name}`];
  }
  const anyPort = redirect.at === 'loopback' && redirect.ports === 'any' && rule.register === 'uri';
  const portless = anyPort ? ` (register it without a port: ${redirectUri.replace(/:\d+(?=\/|$)/, '')})` : '';
  return [`the redirect URI ${redirectUri} is not registered for this app at ${name}${portless}`];
}
