// The object of --json for a connection that cannot be read: what its name tells, and null for the rest.
import type { JsonObject } from '../model/json.ts';
import { parseConnectionName } from '../model/names.ts';

export function unreadableJson(name: string): JsonObject {
  const { provider, label } = parseConnectionName(name);
  return {
    name,
    provider,
    label,
    account: { id: null, name: null },
    app: null,
    kind: null,
    tenant: null,
    flow: null,
    store: null,
    roles: [],
    scopes: { asked: [], granted: [], missing: [] },
    access_token: { expires_at: null, refreshable: null },
    refresh_token: { present: null, rotates: null },
    grant: { ends_at: null, reason: null },
    created_at: null,
    refreshed_at: null,
  };
}
