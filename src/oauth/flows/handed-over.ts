// What the fragment page posts: taken from that page only, and only in the shape that it sends.
import { parseJson } from '../../model/json.ts';
import type { ListenRequest } from '../../model/ports.ts';

/** As much as may be pasted at a terminal. */
const longest = 16 * 1024;

type HandedOver =
  | { readonly ok: true; readonly fragment: string }
  | { readonly ok: false; readonly status: number; readonly why: string };

/** `origin`: the page's own. Fetch Metadata (`sec-fetch-site`) is sent by every current browser, and trusted where it is. */
export function readHandedOver({ headers, body }: ListenRequest, origin: string): HandedOver {
  const refuse = (status: number, why: string) => ({ ok: false, status, why }) as const;
  const site = headers['sec-fetch-site'];
  if (headers.origin !== origin || (site !== undefined && site !== 'same-origin')) {
    return refuse(403, 'Another page sent this.');
  }
  // No form of another page can send this type, and no script without asking first (Fetch §2.2.2).
  if (headers['content-type']?.toLowerCase() !== 'application/json') return refuse(415, 'Only JSON is taken here.');
  if (body.length > longest) return refuse(413, 'The answer is too long.');
  const fragment = parseJson(body);
  return typeof fragment === 'string' ? { ok: true, fragment } : refuse(400, 'The answer cannot be read.');
}
