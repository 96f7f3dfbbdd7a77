// Errors of Google's APIs: the older `errors` list and the newer `status` and `details` in one body, as Gmail and Drive send them.
// https://cloud.google.com/apis/design/errors; bodies as in https://github.com/googleworkspace/php-samples/issues/123
// (scopes), https://github.com/google-gemini/gemini-cli/issues/1343 and https://github.com/zquestz/omniauth-google-oauth2/issues/111 (API off).
import type { JsonObject } from '../../model/json.ts';
import type { Reply } from '../call.ts';
import { jsonReply } from '../replies.ts';
import { project } from './project.ts';

const services = {
  gmail: { title: 'Gmail API', name: 'gmail.googleapis.com', method: 'caribou.api.proto.MailboxService.GetProfile' },
  drive: { title: 'Google Drive API', name: 'drive.googleapis.com', method: 'google.apps.drive.v3.DriveAbout.Get' },
} as const;

export type Api = keyof typeof services;

const expected = 'Expected OAuth 2 access token, login cookie or other valid authentication credential.';
const help = 'See https://developers.google.com/identity/sign-in/web/devconsole-project.';

interface ApiError {
  readonly code: number;
  readonly message: string;
  readonly old?: JsonObject;
  readonly status?: string;
  readonly details?: readonly JsonObject[];
}

function apiError(error: ApiError, headers: Readonly<Record<string, string>> = {}): Reply {
  const { code, message, old, status, details } = error;
  return jsonReply(
    code,
    {
      error: {
        code,
        message,
        ...(old === undefined ? {} : { errors: [{ message, ...old }] }),
        ...(status === undefined ? {} : { status }),
        ...(details === undefined ? {} : { details }),
      },
    },
    headers,
  );
}

function errorInfo(reason: string, metadata: JsonObject): JsonObject {
  return { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com', metadata };
}

/** RFC 6750 §3. */
const challenge = { 'www-authenticate': 'Bearer realm="https://accounts.google.com/"' };

export function missingCredentials(): Reply {
  const message = `Request is missing required authentication credential. ${expected} ${help}`;
  return apiError({ code: 401, message, status: 'UNAUTHENTICATED' }, challenge);
}

export function unauthenticated(): Reply {
  const message = `Request had invalid authentication credentials. ${expected} ${help}`;
  const old = {
    message: 'Invalid Credentials',
    domain: 'global',
    reason: 'authError',
    location: 'Authorization',
    locationType: 'header',
  };
  return apiError(
    { code: 401, message, old, status: 'UNAUTHENTICATED' },
    { 'www-authenticate': `${challenge['www-authenticate']}, error="invalid_token"` },
  );
}

export function scopesInsufficient(api: Api, needsAny: readonly string[]): Reply {
  const { name, method } = services[api];
  return apiError(
    {
      code: 403,
      message: 'Request had insufficient authentication scopes.',
      old: { message: 'Insufficient Permission', domain: 'global', reason: 'insufficientPermissions' },
      status: 'PERMISSION_DENIED',
      details: [errorInfo('ACCESS_TOKEN_SCOPE_INSUFFICIENT', { service: name, method })],
    },
    {
      'www-authenticate': `${challenge['www-authenticate']}, error="insufficient_scope", scope="${needsAny.join(' ')}"`,
    },
  );
}

/** `only`: the switch that leaves one of the two spellings out. */
export function apiDisabled(api: Api, only: string | undefined): Reply {
  const { title, name } = services[api];
  const activationUrl = `https://console.developers.google.com/apis/api/${name}/overview?project=${project.number}`;
  const message =
    `${title} has not been used in project ${project.number} before or it is disabled. Enable it by visiting ` +
    `${activationUrl} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`;
  const old = { domain: 'usageLimits', reason: 'accessNotConfigured', extendedHelp: activationUrl };
  const metadata = { service: name, serviceTitle: title, consumer: `projects/${project.number}`, activationUrl };
  return apiError({
    code: 403,
    message,
    ...(only === 'new' ? {} : { old }),
    ...(only === 'old' ? {} : { status: 'PERMISSION_DENIED', details: [errorInfo('SERVICE_DISABLED', metadata)] }),
  });
}

export function fieldsRequired(): Reply {
  const message = "The 'fields' parameter is required for this method.";
  const old = { domain: 'global', reason: 'required', locationType: 'parameter', location: 'fields' };
  return apiError({ code: 400, message, old });
}

export function invalidField(field: string): Reply {
  const message = `Invalid field selection ${field}`;
  const old = { domain: 'global', reason: 'invalidParameter', locationType: 'parameter', location: 'fields' };
  return apiError({ code: 400, message, old });
}
