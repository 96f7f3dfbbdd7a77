// GitHub's scopes, for OAuth Apps only. GitHub has no classes of them; organisations have policies of their own.
// https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps (read 2026-11)
import type { ScopeRules } from '../../model/provider.ts';

const spelling = {
  // Asked with spaces, answered with commas, in the token's answer and in X-OAuth-Scopes.
  separator: { ask: ' ', answer: ',' },
  // `""` is what a token without scopes is answered with.
  emptyMeansNone: true,
  rename: {},
  caseless: false,
  stripPrefixes: [],
} as const satisfies Partial<ScopeRules>;

// An answer leaves out what a wider scope includes ("normalized scopes" there).
export const scopes: ScopeRules = {
  ...spelling,
  // Never none: an empty list gives a known account's app everything that was ever granted to it, without a question
  // (https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps, read 2026-11).
  // `offline_access` asks for a token of eight hours and a refresh token, whatever the app's settings say.
  default: ['read:user', 'offline_access'],
  known: {
    // Neither tracked nor shown afterwards (same page).
    offline_access: { says: 'a token that ends after eight hours, and a refresh token', notEchoed: true },
    'read:user': { says: 'reading your profile', impliedBy: ['user'] },
    'user:email': { says: 'reading your e-mail addresses', impliedBy: ['user'] },
    'user:follow': { says: 'following people', impliedBy: ['user'] },
    user: { says: 'reading and changing your profile' },
    repo: { says: 'everything in every repository, private ones included, to read and to change' },
    public_repo: { says: 'public repositories, to read and to change', impliedBy: ['repo'] },
    'repo:status': { says: 'commit statuses', impliedBy: ['repo'] },
    repo_deployment: { says: 'deployment statuses', impliedBy: ['repo'] },
    'repo:invite': { says: 'answering invitations to repositories', impliedBy: ['repo'] },
    security_events: { says: 'alerts of code scanning', impliedBy: ['repo'] },
    delete_repo: { says: 'deleting repositories' },
    workflow: { says: 'changing the files of Actions workflows' },
    gist: { says: 'writing gists' },
    notifications: { says: 'notifications, and watching repositories' },
    'admin:repo_hook': { says: 'webhooks of repositories' },
    'write:repo_hook': { says: 'webhooks of repositories, no deleting', impliedBy: ['admin:repo_hook'] },
    'read:repo_hook': { says: 'reading webhooks', impliedBy: ['write:repo_hook', 'admin:repo_hook'] },
    'admin:org': { says: 'organisations, their teams and members' },
    'write:org': { says: 'membership of organisations', impliedBy: ['admin:org'] },
    'read:org': { says: 'reading organisations, teams and members', impliedBy: ['write:org', 'admin:org'] },
    'admin:org_hook': { says: 'webhooks of organisations' },
    'admin:public_key': { says: 'SSH keys' },
    'write:public_key': { says: 'SSH keys, no deleting', impliedBy: ['admin:public_key'] },
    'read:public_key': { says: 'reading SSH keys', impliedBy: ['write:public_key', 'admin:public_key'] },
    'admin:gpg_key': { says: 'GPG keys' },
    'write:gpg_key': { says: 'GPG keys, no deleting', impliedBy: ['admin:gpg_key'] },
    'read:gpg_key': { says: 'reading GPG keys', impliedBy: ['write:gpg_key', 'admin:gpg_key'] },
    project: { says: 'projects, to read and to change' },
    'read:project': { says: 'reading projects', impliedBy: ['project'] },
    'write:packages': { says: 'publishing packages' },
    'read:packages': { says: 'downloading packages' },
    'delete:packages': { says: 'deleting packages' },
    codespace: { says: 'codespaces' },
    'read:audit_log': { says: 'reading audit logs' },
  },
};

/** A GitHub App's permissions stand in its registration; what is asked for is ignored, and `""` is answered. */
export const noScopes: ScopeRules = { ...spelling, default: [], known: {} };
