// JSON files with one grant: what Google's and other client libraries save, and gcloud's application default credentials.
import { isJsonObject, type JsonObject } from '../../model/json.ts';
import { type ForeignClient, type ForeignFile, notAdopted, secretIn, tokensIn } from './foreign-grant.ts';

/** Where Google's libraries refresh, unless the file has a token_uri: https://github.com/googleapis/google-auth-library-python/blob/main/google/oauth2/credentials.py (_GOOGLE_OAUTH2_TOKEN_ENDPOINT) */
const googleHost = 'oauth2.googleapis.com';

/**
 * `type` is Google's (https://cloud.google.com/docs/authentication/application-default-credentials): service accounts and others are
 * nobody's grant. `isGoogles`: whatever the file says of its type.
 */
export function readTokenFile(json: JsonObject, provider: string, isGoogles: boolean): ForeignFile {
  if (typeof json.type === 'string' && json.type !== 'authorized_user') {
    throw notAdopted(
      `the file is a credential of the type '${json.type}', which is no person's grant`,
      `oauthctl connect ${provider}`,
    );
  }
  if (isJsonObject(json.installed) || isJsonObject(json.web)) {
    throw notAdopted('the file is a client and holds no grant', `oauthctl app import ${provider} FILE`);
  }
  const tokens = tokensIn(json);
  if (tokens === undefined)
    throw notAdopted('the file holds neither an access token nor a refresh token', `oauthctl connect ${provider}`);
  const host = tokens.host ?? (isGoogles || json.type === 'authorized_user' ? googleHost : null);
  const grant = { entry: null, client: clientIn(json), ...tokens, host };
  return { what: 'a token file', isForOne: true, grants: [grant] };
}

function clientIn({ client_id: id, client_secret: secret }: JsonObject): ForeignClient {
  if (typeof id !== 'string' || id === '') return { kind: 'not_told' };
  return { kind: 'in_file', id, secret: secretIn(secret) ?? undefined };
}
