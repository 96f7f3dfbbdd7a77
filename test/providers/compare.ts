// What a case expects against what happened: `then` states a part, everything it states must be so.
import type { Json, JsonObject } from '../../src/model/json.ts';
import { isJsonObject } from '../../src/model/json.ts';
import { asText, type Matcher } from './fixture.ts';
import { matches } from './wire.ts';

export type Happened = Readonly<Record<string, Json | undefined>>;

/** Members where the fixture may leave a choice by a list. */
const choices = ['refused', 'ends', 'failed'];

export function differences(expected: JsonObject, happened: Happened): string[] {
  return Object.entries(expected).flatMap(([name, wanted]) => {
    const actual = happened[name];
    if (name === 'not') return asText(wanted) in happened ? [`it was ${asText(wanted)}`] : [];
    if (name === 'shows')
      return Object.values(wanted as JsonObject)
        .map(String)
        .filter(missingIn(happened))
        .map(notThere);
    if (name === 'names') return (wanted as string[]).filter(missingIn(happened)).map(notThere);
    if (choices.includes(name)) {
      const allowed = Array.isArray(wanted) ? wanted : [wanted];
      return allowed.includes(actual as Json) ? [] : [told(name, wanted, actual ?? happened)];
    }
    return partDiffers(name, wanted, actual, happened);
  });
}

const notThere = (text: string) => `${text} is not shown`;

const missingIn = (happened: Happened) => (text: string) => !asText(happened.words).includes(text);

function partDiffers(path: string, wanted: Json, actual: Json | undefined, happened: Json | Happened): string[] {
  if (isMatcher(wanted)) return matches(wanted, actual) ? [] : [told(path, wanted as Json, actual)];
  if (Array.isArray(wanted)) {
    const same = Array.isArray(actual) && sorted(wanted) === sorted(actual);
    return same ? [] : [told(path, wanted, actual)];
  }
  if (!isJsonObject(wanted))
    return (actual ?? null) === wanted ? [] : [told(path, wanted, actual ?? (happened as Json))];
  if (!isJsonObject(actual)) return [told(path, wanted, (actual ?? happened) as Json)];
  return Object.entries(wanted).flatMap(([name, part]) => partDiffers(`${path}.${name}`, part, actual[name], null));
}

function isMatcher(json: Json): json is Extract<Matcher, object> {
  return isJsonObject(json) && ['matches', 'not', 'between', 'words', 'hasWords'].some((name) => name in json);
}

/** Lists are sets, but for numbers, which are spans in order. */
function sorted(list: readonly Json[]): string {
  return JSON.stringify(list.some((item) => typeof item === 'number') ? list : [...list].map(asText).sort());
}

function told(path: string, wanted: Json, actual: unknown): string {
  return `${path}: wanted ${JSON.stringify(wanted)}, but it is ${JSON.stringify(actual)}`;
}
