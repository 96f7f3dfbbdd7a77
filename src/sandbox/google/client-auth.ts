// Who asks at the token endpoint: the client and its secret, in the form or by HTTP Basic.
// A Desktop client without its secret is refused even with a right verifier, whatever the documentation calls optional:
// https://github.com/taylorwilsdon/google_workspace_mcp/issues/1008
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
  const { id, secret } = credentials(call, form);
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

/** RFC 6749 §2.3: one way of authenticating per request. */
function credentials(call: Call, form: Params): { id: string | undefined; secret: string | undefined } {
  const basic = /^basic +([A-Za-z0-9+/]+=*)$/i.exec(call.headers.authorization ?? '')?.[1];
  const posted = { id: form.get('client_id'), secret: form.get('client_secret') };
  if (basic === undefined) return posted;
  if (posted.secret !== undefined) call.violation('two_client_auths', 'the secret came in the header and in the form');
  const text = Buffer.from(basic, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon === -1) return posted;
  return { id: decoded(text.slice(0, colon)), secret: decoded(text.slice(colon + 1)) };
}

/** RFC 6749 §2.3.1 encodes both halves; what does not decode was sent raw. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
