// Trello's own switches: the other answer where its documentation is silent or sources disagree.
import type { SwitchDefinition } from '../switches.ts';

export const trelloSwitches = [
  {
    name: 'trello-loopback',
    says: 'the OAuth 2.0 app is registered with the address instead of the name localhost, or with both',
    takes: { kind: 'choice', choices: ['127.0.0.1', 'both'] },
  },
  {
    name: 'trello-revoke',
    says: 'the revocation endpoint is not there for Trello, forbids it, or says yes and ends nothing',
    takes: { kind: 'choice', choices: ['404', '403', 'lives'] },
  },
  {
    name: 'trello-token-type',
    says: 'token answers do not say token_type',
    takes: { kind: 'choice', choices: ['absent'] },
  },
  {
    name: 'trello-untold-refresh',
    says: 'a refresh answers without the refresh token that took the place of the old one',
    takes: { kind: 'choice', choices: ['on'] },
  },
  {
    name: 'trello-absolute-end',
    says: 'an OAuth 2.0 grant ends 365 days after the consent, however much it is used',
    takes: { kind: 'choice', choices: ['on'] },
  },
  {
    name: 'trello-wrong-client',
    says: 'a wrong client is told access_denied instead of invalid_client',
    takes: { kind: 'choice', choices: ['access_denied'] },
  },
  {
    name: 'trello-bearer-error',
    says: 'the API refuses OAuth 2.0 tokens in JSON instead of plain text',
    takes: { kind: 'choice', choices: ['json'] },
  },
  {
    name: 'trello-foreign-key',
    says: 'an OAuth 2.0 client id where a key belongs is answered 404 instead of 401 invalid key',
    takes: { kind: 'choice', choices: ['404'] },
  },
  {
    name: 'trello-token-info',
    says: 'asking about or deleting a token wants the token beside the key, not in the path only',
    takes: { kind: 'choice', choices: ['wants-token'] },
  },
  {
    name: 'trello-denied',
    says: 'after Deny the older sign-in stays on a page instead of calling back',
    takes: { kind: 'choice', choices: ['page'] },
  },
  {
    name: 'trello-limit',
    says: "which limit was hit at 429: the token's when left out, or this one",
    takes: { kind: 'choice', choices: ['key', 'database', 'cards'] },
  },
  {
    name: 'trello-retry-after',
    says: '429 carries Retry-After after all',
    takes: { kind: 'choice', choices: ['on'] },
  },
  {
    name: 'trello-rate-headers',
    says: 'API answers come without the x-rate-limit headers',
    takes: { kind: 'choice', choices: ['absent'] },
  },
] as const satisfies readonly SwitchDefinition[];
