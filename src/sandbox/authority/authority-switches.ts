// Switches that every imitated authorization server has: what happens to people, grants, tokens and registrations.
import type { SwitchDefinition } from '../switches.ts';

const on = { kind: 'choice', choices: ['on'] } as const;

export const authoritySwitches = [
  { name: 'consent-denied', says: 'the person presses Cancel', takes: on },
  {
    name: 'never-calls-back',
    says: 'the browser shows this error on a page, and the redirect never comes',
    takes: { kind: 'text', example: 'ERROR', whenLeftOut: 'blocked' },
  },
  {
    name: 'iss-callback',
    says: 'iss is missing from the redirect, or is somebody else',
    takes: { kind: 'choice', choices: ['absent', 'foreign'] },
  },
  { name: 'account', says: 'who is signed in', takes: { kind: 'choice', choices: ['grace', 'ada'] } },
  {
    name: 'reduced-scopes',
    says: 'the person unticks scopes that contain one of these words (left out: all but the identity)',
    takes: { kind: 'text', example: 'WORD,WORD', whenLeftOut: '' },
  },
  { name: 'revoked-by-user', says: 'the person removes the app in the account settings, now', takes: on, once: true },
  {
    name: 'invalid-grant',
    says: 'a refresh is refused as if the grant were gone, or because the organisation wants a fresh sign-in (rapt)',
    takes: { kind: 'choice', choices: ['gone', 'rapt'] },
  },
  { name: 'no-refresh-token', says: 'the code is exchanged without a refresh token', takes: on },
  { name: 'expired-secret', says: 'the client secret was deleted or has ended: invalid_client', takes: on },
  {
    name: 'expires-in',
    says: 'expires_in is left out, is a string, or is 0',
    takes: { kind: 'choice', choices: ['absent', 'string', 'zero'] },
  },
  {
    name: 'access-life',
    says: 'access tokens live for so long',
    takes: { kind: 'number', unit: 'seconds', whenLeftOut: '60' },
  },
  {
    name: 'refresh-life',
    says: 'refresh tokens live for so long, used or not',
    takes: { kind: 'number', unit: 'seconds', whenLeftOut: '3600' },
  },
  { name: 'extra-fields', says: 'token answers carry members that nobody knows', takes: on },
  {
    name: 'rotation',
    says: 'a refresh never brings a new refresh token, or always does',
    takes: { kind: 'choice', choices: ['never', 'always'] },
  },
  {
    name: 'reuse',
    says: 'a second use of a rotated refresh token ends the whole grant, or is refused and ends nothing',
    takes: { kind: 'choice', choices: ['kills', 'refused'] },
  },
  {
    name: 'grace',
    says: 'a rotated refresh token still works for so long',
    takes: { kind: 'number', unit: 'seconds', whenLeftOut: '60' },
  },
  {
    name: 'old-access',
    says: 'a refresh ends the access tokens from before, or leaves them alone',
    takes: { kind: 'choice', choices: ['dies', 'lives'] },
  },
  {
    name: 'revoke-dead',
    says: 'revoking a token that is already dead succeeds, or is refused',
    takes: { kind: 'choice', choices: ['accepted', 'refused'] },
  },
] as const satisfies readonly SwitchDefinition[];
