// Who asks at the token endpoint: the client and its secret, in the form or by HTTP Basic.
// A Desktop client without its secret is refused even with a right verifier, whatever the documentation calls optional:
// https://github.com/taylorwilsdon/google_workspace_mcp/issues/1008
import { readCredentials } from '../authority/clients.ts';
import type { Call, Reply } from '../call.ts';
import type { Params } from '../params.ts';
import { oauthError } from '../replies.ts';
import { clients, type GoogleClient } from './project.ts';

export type ClientAnswer =
  | { readonly ok: true; readonly client: GoogleClient }
  | { readonly ok: false; readonly reply: Reply };

export function findClient(id: string | undefined): GoogleClient | undefined {
  return clients.find((client) => client.id === id);
}

export function unknownClient(): Reply {
  return oauthError(401, 'invalid_client', 'The OAuth client was not found.');
}

export function authenticateClient(call: Call, form: Params): ClientAnswer {
  const refused = (reply: Reply): ClientAnswer => ({ ok: false, reply });
  const { id, secret } = readCredentials(call, form);
  if (id === undefined) {
    call.violation('client_id_missing', 'no client_id');
    return refused(oauthError(400, 'invalid_request', 'Could not determine client ID from request.'));
  }
  const client = findClient(id);
  if (client === undefined) return refused(unknownClient());
  if (secret === undefined) {
    if (client.type === 'desktop' && call.switched('desktop-secret') === 'optional') return { ok: true, client };
    call.violation('secret_missing', `the ${client.type} client came without its secret`);
    return refused(oauthError(400, 'invalid_request', 'client_secret is missing.'));
  }
  const right = secret === client.secret && call.switched('expired-secret') === undefined;
  return right ? { ok: true, client } : refused(oauthError(401, 'invalid_client', 'Unauthorized'));
}
