// Dropbox's own switches: the other answer where its documentation is silent or sources disagree, and states that a real app gets into.
import type { SwitchDefinition } from '../switches.ts';

export const dropboxSwitches = [
  {
    name: 'dropbox-team',
    says: 'the token is for a whole team: team_id in place of account_id, or beside it; calls want Select-User',
    takes: { kind: 'choice', choices: ['instead', 'beside'] },
  },
  {
    name: 'dropbox-issuer',
    says: 'iss is https://api.dropboxapi.com everywhere, or in the id_token only',
    takes: { kind: 'choice', choices: ['api', 'id-token'] },
  },
  {
    name: 'dropbox-untick',
    says: 'scopes with one of these words are not ticked in the Permissions tab: asking for them is an error',
    takes: { kind: 'text', example: 'WORD,WORD', whenLeftOut: 'account_info' },
  },
  {
    name: 'dropbox-refusal',
    says: 'API calls are refused for a reason other than the token: the account is suspended, or may not call this',
    takes: { kind: 'choice', choices: ['user_suspended', 'route_access_denied'] },
  },
  {
    name: 'dropbox-400',
    says: 'the errors 400 of API calls are JSON instead of plain text',
    takes: { kind: 'choice', choices: ['json'] },
  },
  {
    name: 'dropbox-check',
    says: 'check/user and check/app, marked as a preview, do not exist',
    takes: { kind: 'choice', choices: ['absent'] },
  },
] as const satisfies readonly SwitchDefinition[];
