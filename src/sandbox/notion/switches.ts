// Notion's own switches: the other answer where its documentation is silent or sources disagree.
import type { SwitchDefinition } from '../switches.ts';

export const notionSwitches = [
  {
    name: 'notion-no-rotation',
    says: "the connection's Token rotation is switched off: refresh_token comes as null, or not at all",
    takes: { kind: 'choice', choices: ['null', 'absent'] },
  },
  {
    name: 'notion-revoke',
    says: 'revoking one token of a grant ends the others too',
    takes: { kind: 'choice', choices: ['grant'] },
  },
  {
    name: 'notion-code-challenge',
    says: 'code_challenge and code_verifier are errors instead of being ignored',
    takes: { kind: 'choice', choices: ['refused'] },
  },
  {
    name: 'notion-reconnect',
    says: 'connecting again ends what the same person gave the app before, as it was until June 2026',
    takes: { kind: 'choice', choices: ['ends-earlier'] },
  },
  {
    name: 'notion-introspect',
    says: 'introspection says active and nothing else of a token',
    takes: { kind: 'choice', choices: ['bare'] },
  },
  {
    name: 'notion-email',
    says: 'the connection has no capability to see e-mail addresses: person is empty',
    takes: { kind: 'choice', choices: ['absent'] },
  },
] as const satisfies readonly SwitchDefinition[];
