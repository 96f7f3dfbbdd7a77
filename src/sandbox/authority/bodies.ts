// How request bodies are read, and the slips that show in any of them.
import { isJsonObject, parseJson } from '../../model/json.ts';
import type { Call } from '../call.ts';
import { isForm, mediaType, type Params, parseParams } from '../params.ts';

const secretNames = ['client_secret', 'code', 'refresh_token', 'access_token', 'token', 'device_code', 'code_verifier'];

export function noteSecretsInUrl(call: Call): void {
  const inUrl = secretNames.filter((name) => call.query.get(name) !== undefined);
  if (inUrl.length > 0) call.violation('secret_in_url', `${inUrl.join(', ')} in the URL, where logs keep it`);
}

/** The form of a POST. A body of another type is not read at all, so that the server then misses whatever it looks for first. */
export function readForm(call: Call): Params {
  noteSecretsInUrl(call);
  if (!isForm(call.headers)) return unreadable(call, 'a form');
  const form = parseParams(call.body);
  if (form.repeated.length > 0) call.violation('repeated_parameter', `${form.repeated.join(', ')} came twice`);
  return form;
}

/** The members of a JSON object whose values are texts. */
export function readJsonBody(call: Call): Params {
  noteSecretsInUrl(call);
  if (mediaType(call.headers) !== 'application/json') return unreadable(call, 'JSON');
  const value = parseJson(call.body);
  if (!isJsonObject(value)) return unreadable(call, 'a JSON object');
  const texts = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return parseParams(new URLSearchParams(texts).toString());
}

/** For calls without an argument: nothing is sent, not even a type. */
export function noteBody(call: Call): void {
  if (call.body !== '' || call.headers['content-type'] !== undefined)
    call.violation('body', 'a body, or the type of one, where none belongs');
}

function unreadable(call: Call, wanted: string): Params {
  call.violation('content_type', `the body is '${call.headers['content-type'] ?? 'untyped'}', not ${wanted}`);
  return parseParams('');
}
