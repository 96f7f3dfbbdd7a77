// GitHub's scopes: asked for with spaces, answered with commas, and without those that another one implies.
// https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps (read 2026-11)
import type { Complaint } from '../authority/authorize-request.ts';
import type { AuthorityClient } from '../authority/clients.ts';
import { knownScopes, splitScopes } from '../authority/scope-lists.ts';
import type { Call } from '../call.ts';
import { isGitHubApp } from './registration.ts';

/** What each scope brings along. */
const implied: Readonly<Record<string, readonly string[]>> = {
  repo: ['repo:status', 'repo_deployment', 'public_repo', 'repo:invite', 'security_events'],
  'admin:repo_hook': ['write:repo_hook', 'read:repo_hook'],
  'write:repo_hook': ['read:repo_hook'],
  'admin:org': ['write:org', 'read:org'],
  'write:org': ['read:org'],
  'admin:public_key': ['write:public_key', 'read:public_key'],
  'write:public_key': ['read:public_key'],
  'admin:gpg_key': ['write:gpg_key', 'read:gpg_key'],
  'write:gpg_key': ['read:gpg_key'],
  user: ['read:user', 'user:email', 'user:follow'],
  project: ['read:project'],
  'write:discussion': ['read:discussion'],
  'write:packages': ['read:packages'],
};

const others = ['admin:org_hook', 'gist', 'notifications', 'delete_repo', 'delete:packages', 'workflow', 'codespace'];

/** Asks for a refresh token; it is not tracked and never shown. */
export const offline = 'offline_access';

const known = new Set([...Object.keys(implied), ...Object.values(implied).flat(), ...others, offline]);

/** A GitHub App's permissions are those of its registration, whatever is asked. */
export function askedScopes(
  call: Call,
  client: AuthorityClient,
  text: string | undefined,
): readonly string[] | Complaint {
  const asked = splitScopes(text, ' ');
  if (!isGitHubApp(client)) return knownScopes(asked, (scope) => known.has(scope), 'page');
  if (asked.length > 0) call.violation('scope', 'scope from a GitHub App, which has permissions instead');
  return [];
}

/** `user gist user:email` → `user gist`. */
export function normalScopes(scopes: readonly string[]): string[] {
  const needless = new Set(scopes.flatMap((scope) => implied[scope] ?? []));
  return [...new Set(scopes)].filter((scope) => scope !== offline && !needless.has(scope));
}
