// Asana's own switches: how the app is set up in the console, then the other answer where sources disagree or are silent.
import type { SwitchDefinition } from '../switches.ts';

export const asanaSwitches = [
  {
    name: 'asana-full-permissions',
    says: 'the app is set to Full permissions: `default` is its only scope, and granular ones are refused',
    takes: { kind: 'choice', choices: ['on'] },
  },
  {
    name: 'asana-redirects',
    says: 'only the out-of-band address is taken (the "native or command-line app" box), or all others are',
    takes: { kind: 'choice', choices: ['oob-only', 'no-oob'] },
  },
  {
    name: 'asana-distribution',
    says: 'the app is not distributed to the workspace: authorizing ends on a page',
    takes: { kind: 'choice', choices: ['elsewhere'] },
  },
  {
    name: 'asana-scope-error',
    says: 'scopes of the other permission mode are invalid_scope instead of forbidden_scopes',
    takes: { kind: 'choice', choices: ['invalid_scope'] },
  },
  {
    name: 'asana-scope-error-at',
    says: 'wrong scopes are told on a page instead of in the redirect',
    takes: { kind: 'choice', choices: ['page'] },
  },
  {
    name: 'asana-secret',
    says: 'a code that was asked for with a challenge, and the tokens from it, need no client secret',
    takes: { kind: 'choice', choices: ['optional'] },
  },
  {
    name: 'asana-data',
    says: 'the account in a token answer is named by id instead of gid, as a text or as a number',
    takes: { kind: 'choice', choices: ['id', 'id-number'] },
  },
  {
    name: 'asana-introspection',
    says: 'the metadata names an introspection endpoint, and it answers',
    takes: { kind: 'choice', choices: ['announced'] },
  },
] as const satisfies readonly SwitchDefinition[];
