// Why a Google grant may have died, likeliest first: the answer is `invalid_grant`, and never says.
// https://developers.google.com/identity/protocols/oauth2#expiration (read 2026-11)
import type { DeadGrantCause } from '../../model/provider.ts';

/** Those that the stored facts decide. */
export const decidedCauses: readonly DeadGrantCause[] = [
  {
    when: { is: 'short_grant_over' },
    words:
      'the app is in Testing at Google, where every grant ends 7 days after consent: publish the app before you connect again',
  },
  { when: { is: 'idle_over' }, words: 'it was not used for six months, after which Google ends a grant' },
];

/** When nothing else fits. */
export const lastCause: DeadGrantCause = {
  when: { is: 'always' },
  words:
    'access was removed at https://myaccount.google.com/permissions, or 100 newer sign-ins of this account with this client pushed the grant out',
};
