// Microsoft's numbers beside an error, in words. They explain and decide nothing, as Microsoft asks.
// https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes (read 2026-11)
import type { ReasonCodes } from '../../model/provider.ts';

const mfa = 'the organisation wants a second factor: sign in again';
const adminConsent = 'an administrator of the organisation must consent to the scopes first';
const idle = 'the refresh token was not used for too long: sign in again';

export const reasonCodes: ReasonCodes = {
  at: '/error_codes',
  prefix: 'AADSTS',
  words: {
    '50011': 'the redirect URI is not registered for this app, byte for byte but for its port',
    // Unverified: 50076 and 50079.
    '50076': mfa,
    '50079': mfa,
    '50158': 'the organisation wants another check of its own: sign in again',
    '50173': 'the tokens of this account were revoked, as a changed password does: sign in again',
    '50194': 'the app takes one organisation only: connect with --tenant and its directory id',
    '50196': 'the same request came too often: wait, and look for a program that repeats it',
    '53003': 'a Conditional Access policy of the organisation forbids it: ask its administrator',
    '530035': 'the security defaults of the organisation forbid it: ask its administrator',
    '54005': 'the code was redeemed before: start the sign-in again',
    '65001': 'nobody has consented to the scopes: sign in again, or ask an administrator to consent',
    '65004': 'consent was refused on the consent page',
    '70008': idle,
    '70043': 'a policy of the organisation ends sign-ins after a time: sign in again, and it will come back',
    '90055': 'the organisation sends too many requests for now: wait',
    '90094': adminConsent,
    '90095': adminConsent,
    '501481': 'the code verifier does not fit the challenge: start the sign-in again',
    '700005': 'the code was made for another tenant: use one and the same tenant for both calls',
    '700016': 'the organisation does not know this app, or the client id is of another directory',
    '700022': 'the scopes are of several APIs, and a token is for one',
    '700025': 'this is a public app, which must send no client secret',
    '700082': idle,
    '700084':
      "the redirect URI is registered as 'Single-page application', which ends a grant after 24 hours: register it under 'Mobile and desktop applications'",
    '7000112': 'the app is switched off in the organisation',
    '7000215': 'the client secret is wrong; often its Secret ID was copied, not its Value',
    '7000218':
      "a client secret is wanted: register the redirect URI under 'Mobile and desktop applications', or for --device allow public client flows",
    '7000222': 'the client secret has ended: make a new one',
    '9002332': 'the app takes work and school accounts only, and a personal one was asked for',
  },
};
