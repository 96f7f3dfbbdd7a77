// Every knob of every shipped provider's data, changed one at a time: a fixture or a check must turn red for each.
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import type { Provider } from '../../src/model/provider.ts';
import { shippedProviders } from '../../src/providers/generated-index.ts';
import { isExempt } from './exempt-knobs.ts';
import { changesOf, knobsOf, sameKnob } from './knobs.ts';
import { isSeen, readSubject, type SharedKnob, type Subject } from './mutants.ts';

const loaded = await Promise.all(Object.values(shippedProviders).map(async (load) => (await load()).provider));
const subjects = await Promise.all(loaded.map(readSubject));
const families = [...new Set(subjects.map(({ fixture }) => fixture.family))];

it('are all read by some code', () => {
  const read = new Set(subjects.flatMap(({ judges }) => judges.flatMap(({ reads }) => [...reads].map(inGeneral))));
  const unread = subjects.flatMap(({ provider }) => knobsIn(provider).map(({ at }) => inGeneral(at)));
  expect([...new Set(unread)].filter((at) => !read.has(at))).toEqual([]);
});

describe.each(families)('knobs of %s', (family) => {
  const members = subjects.filter(({ fixture }) => fixture.family === family);

  it('turn something red when they are changed', { timeout: 600_000 }, async () => {
    const survivors: string[] = [];
    for (const knob of sharedBy(members)) {
      for (const change of changesOf(knob))
        if (!(await isSeen(knob, change))) survivors.push(`${named(knob)} ${change.says}`);
    }
    expect(survivors).toEqual([]);
  });
});

/** The same knob of any provider, kind of app, scope, row. */
function inGeneral(at: string): string {
  return at
    .replace(/^\/kinds\/\d+\/differs/, '')
    .replace(/^(\/scopes\/known|\/tenant\/claimOf)\/[^/]*/, '$1/*')
    .replace(/\/\d+(?=\/|$)/g, '/*');
}

function knobsIn(provider: Provider) {
  return knobsOf(dataOf(provider)).filter((knob) => !isExempt(provider, knob));
}

/** A knob that a family shares is one: it is changed in all of them, and one red is enough. */
function sharedBy(members: readonly Subject[]): SharedKnob[] {
  const found: SharedKnob[] = [];
  for (const subject of members) {
    const isHere = (at: string) =>
      found.some(({ places }) => places.some((place) => place.subject === subject && place.at === at));
    for (const knob of knobsIn(subject.provider)) {
      if (isHere(knob.at)) continue;
      const places = members.flatMap((other) => {
        const at = other === subject ? knob.at : sameKnob(knob.at, dataOf(subject.provider), dataOf(other.provider));
        return at === undefined ? [] : [{ subject: other, at }];
      });
      found.push({ ...knob, places });
    }
  }
  return found;
}

const dataOf = (provider: Provider) => provider as unknown as Json;

function named({ places }: SharedKnob): string {
  return places.map(({ subject, at }) => `${subject.provider.id}: ${at}`).join(', ');
}
