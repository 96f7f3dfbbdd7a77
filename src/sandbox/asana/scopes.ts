// Asana's scopes: granular ones or `default`, as the app is set, and never both.
// https://developers.asana.com/docs/oauth-scopes and https://github.com/Asana/openapi (read 2026-11)
import type { Complaint } from '../authority/authorize-request.ts';
import { splitScopes } from '../authority/scope-lists.ts';
import type { Call } from '../call.ts';
import type { Params } from '../params.ts';

const actionsOf: Readonly<Record<string, string>> = {
  ...all('attachments tasks projects roles ooo_entries time_tracking_categories webhooks', 'read write delete'),
  ...all('custom_fields portfolios project_portfolio_settings stories tags timesheet_approval_statuses', 'read write'),
  ...all('goals jobs task_custom_types task_templates team_memberships project_templates teams', 'read'),
  ...all('time_tracking_entries users workspaces', 'read'),
};

function all(resources: string, actions: string): Record<string, string> {
  return Object.fromEntries(resources.split(' ').map((resource) => [resource, actions]));
}

export function isIdentity(scope: string): boolean {
  return ['openid', 'email', 'profile'].includes(scope);
}

function isGranular(scope: string): boolean {
  const [resource = '', action = '', ...rest] = scope.split(':');
  return rest.length === 0 && (actionsOf[resource]?.split(' ').includes(action) ?? false);
}

/** No scope at all means `default`. */
export function scopesAsked(call: Call, params: Params): readonly string[] | Complaint {
  const asked = splitScopes(params.get('scope') ?? 'default');
  const ofApi = asked.filter((scope) => !isIdentity(scope));
  const full = call.peek('asana-full-permissions') !== undefined;
  const shown = call.peek('asana-scope-error-at') ?? 'callback';
  const refused = (error: string, words: string, slip?: string): Complaint => ({
    error,
    words,
    shown: shown === 'page' ? 'page' : 'callback',
    ...(slip === undefined ? {} : { slip }),
  });
  if (ofApi.includes('default') && ofApi.length > 1)
    return refused('invalid_scope', '`default` came together with granular scopes.', 'scope_mixed');
  const unknown = ofApi.find((scope) => scope !== 'default' && !isGranular(scope));
  // People type scopes; a comma between them is the client's.
  if (unknown !== undefined)
    return refused('invalid_scope', `Unknown scope: ${unknown}`, unknown.includes(',') ? 'scope' : undefined);
  const forbidden = ofApi.filter((scope) => (scope === 'default') !== full);
  if (forbidden.length === 0) return asked;
  // Wording: https://github.com/amp-labs/connectors/issues/3356
  const words = `Your app is not allowed to request user authorization for \`${forbidden.join(' ')}\` scopes.`;
  return refused(call.switched('asana-scope-error') ?? 'forbidden_scopes', words);
}

export function scopeWords(scope: string): string {
  if (scope === 'default') return 'Everything that you can do in Asana';
  const [resource = '', action] = scope.split(':');
  return action === undefined ? `Your ${scope} details` : `${action} ${resource.replaceAll('_', ' ')}`;
}
