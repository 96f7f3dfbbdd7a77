// The way back to the client: RFC 6749 §4.1.2 in the query, §4.2.2 in the fragment.
import type { Call, Reply } from '../call.ts';
import { redirectReply } from '../replies.ts';

export type Members = readonly (readonly [string, string | undefined])[];

/** `iss` for those who send it (RFC 9207), as the switch `iss-callback` wants it; `undefined`: this server sends none by itself. */
export function issMember(call: Call, issuer: string | undefined): readonly [string, string | undefined] {
  const switched = call.switched('iss-callback');
  return ['iss', switched === 'foreign' ? 'https://accounts.example.net' : switched === 'absent' ? undefined : issuer];
}

/** Members without a value are left out. */
export function callBack(call: Call, goesTo: string, members: Members, mode: 'query' | 'fragment' = 'query'): Reply {
  const text = new URLSearchParams();
  for (const [name, value] of members) if (value !== undefined) text.append(name, value);
  const mark = mode === 'fragment' ? '#' : goesTo.includes('?') ? '&' : '?';
  // 303: what answers a form must not be visited with the form again.
  return redirectReply(call.method === 'POST' ? 303 : 302, `${goesTo}${mark}${text.toString()}`);
}
