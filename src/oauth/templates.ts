// What templates of provider data are filled with in requests, and what they find in answers (`{/json/pointer}`).
import type { Json } from '../model/json.ts';
import type { Values } from '../model/templates.ts';
import { valueAt } from './answer.ts';
import type { Held } from './held.ts';
import { textOf } from './identity.ts';
import type { Peer } from './peer.ts';

/** What a request may be filled with. `{token}`: the one that is meant. */
export function valuesOf({ app }: Peer, { tokens }: Held, meant = tokens.access): Values {
  return {
    client_id: app.clientId,
    ...(tokens.access === null ? {} : { access_token: tokens.access.reveal() }),
    ...(meant === null ? {} : { token: meant.reveal() }),
  };
}

/** The first that fits, of JSON pointers and of templates of them; a template fits only whole: half of a key would make two accounts one. */
export function firstText(json: Json | undefined, places: readonly string[]): string | null {
  return places.map((place) => textAt(json, place)).find((text) => text !== null) ?? null;
}

function textAt(json: Json | undefined, place: string): string | null {
  if (place === '' || place.startsWith('/')) return textOf(valueAt(json, place));
  let whole = true;
  const text = place.replaceAll(/\{(\/[^{}]*)\}/g, (_, pointer: string) => {
    const value = textOf(valueAt(json, pointer));
    whole &&= value !== null;
    return value ?? '';
  });
  return whole ? text : null;
}
