// What a case expects against what happened: `then` states a part, everything it states must be so.
import type { Json, JsonObject } from '../../src/model/json.ts';
import { isJsonObject } from '../../src/model/json.ts';
import { asText, type Matcher } from './fixture.ts';
import type { Happened } from './happened.ts';
import { matches } from './matches.ts';

/** Members where the fixture may leave a choice by a list. */
const choices = ['refused', 'ends', 'failed', 'proved'];

export function differences(expected: JsonObject, happened: Happened): string[] {
  return Object.entries(expected).flatMap(([name, wanted]) => memberDiffers(name, wanted, happened));
}

function memberDiffers(name: string, wanted: Json, happened: Happened): string[] {
  const actual = happened[name];
  switch (name) {
    case 'not':
      return asText(wanted) in happened ? [`it was ${asText(wanted)}`] : [];
    case 'shows':
      return notShown(Object.values(wanted as JsonObject).map(String), happened.words);
    case 'names':
      return notShown(wanted as string[], happened.words);
    case 'namesNot':
      return shown(wanted as string[], happened.words);
    case 'warned':
      return warningsDiffer(wanted as string[], happened.warned);
    case 'refusedBefore':
      return happened.refusedBefore === true
        ? notShown(wanted as string[], happened.words)
        : [told(name, wanted, happened)];
    default:
  }
  if (!choices.includes(name)) return partDiffers(name, wanted, actual, happened);
  const allowed = Array.isArray(wanted) ? wanted : [wanted];
  return allowed.includes(actual as Json) ? [] : [told(name, wanted, actual ?? happened)];
}

function notShown(texts: readonly string[], words: Json | undefined): string[] {
  return texts.filter((text) => !asText(words).includes(text)).map((text) => `${text} is not shown`);
}

function shown(texts: readonly string[], words: Json | undefined): string[] {
  return texts.filter((text) => asText(words).includes(text)).map((text) => `${text} is shown`);
}

/** Every text in some warning; an empty list: there is none. */
function warningsDiffer(texts: readonly string[], warned: Json | undefined): string[] {
  if (texts.length > 0) return notShown(texts, warned);
  return asText(warned) === '' ? [] : [`there is a warning: ${asText(warned)}`];
}

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
