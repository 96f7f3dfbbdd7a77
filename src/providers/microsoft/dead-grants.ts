// Why a Microsoft grant may have died, likeliest first; the numbers beside `error` tell more where they are sent.
// https://learn.microsoft.com/en-us/entra/identity-platform/refresh-tokens (read 2026-11)
import type { DeadGrantCause } from '../../model/provider.ts';

export const deadGrantCauses: readonly DeadGrantCause[] = [
  { when: { is: 'idle_over' }, words: 'it was not used for 90 days, after which Microsoft ends a grant' },
  {
    when: { is: 'always' },
    words:
      'the account or an administrator revoked it, the password was changed, or the organisation wants a new sign-in every so often',
  },
];
