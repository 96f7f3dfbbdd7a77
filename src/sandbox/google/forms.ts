// How Google's endpoints read a form, and the slips that show in any of them.
import type { Call } from '../call.ts';
import { isForm, type Params, parseParams } from '../params.ts';

const secretNames = ['client_secret', 'code', 'refresh_token', 'access_token', 'token', 'device_code', 'code_verifier'];

/** The form of a POST. A body of another type is not read at all, so Google then misses whatever it looks for first. */
export function readForm(call: Call): Params {
  const inUrl = secretNames.filter((name) => call.query.get(name) !== undefined);
  if (inUrl.length > 0) call.violation('secret_in_url', `${inUrl.join(', ')} in the URL, where logs keep it`);
  if (!isForm(call.headers)) {
    call.violation('content_type', `the body is '${call.headers['content-type'] ?? 'untyped'}', not a form`);
    return parseParams('');
  }
  const form = parseParams(call.body);
  if (form.repeated.length > 0) call.violation('repeated_parameter', `${form.repeated.join(', ')} came twice`);
  return form;
}
