// Every knob of every shipped provider's data, changed one at a time: a fixture or a check must turn red for each.
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import type { Provider } from '../../src/model/provider.ts';
import { valueAt } from '../../src/oauth/answer.ts';
import { shippedProviders } from '../../src/providers/generated-index.ts';
import { checks } from './checks.ts';
import { type Fixture, readFixture } from './fixture.ts';
import { type Change, changed, changesOf, type Knob, knobsOf, sameKnob, watched } from './knobs.ts';
import { replay } from './replay.ts';
import { matches } from './wire.ts';

/** Nothing depends on what these say; a person reads them. */
const forPeople: readonly (readonly [RegExp, string])[] = [
  [/^\/name$|^\/kinds\/\d+\/name$/, 'what the provider and its kinds of app are called'],
  [/^\/docsUrl$/, 'a link to read on'],
  [/\/(words|hint|says)$/, 'a sentence; which one is said is judged, not its wording'],
  [/^\/silentFailures\//, 'sentences; the names in them are judged by the time-out case'],
  [/^\/guide\//, 'registration steps'],
  [/^\/clientIdShape\/example$/, 'an example in an error'],
];

/** Without effect as the data stands; another value of another knob would wake them. */
const asleep: readonly (readonly [RegExp, string])[] = [
  [/^\/apiProbe\/clientAuth$/, 'a client authenticates in the form, and a GET has none'],
];
const exempt = [...forPeople, ...asleep];

interface Subject {
  readonly provider: Provider;
  readonly fixture: Fixture;
  readonly judges: readonly Judge[];
}

/** One case or check, and the knobs that it reads. */
interface Judge {
  readonly about: string;
  readonly reads: ReadonlySet<string>;
  readonly judge: (provider: Provider) => Promise<boolean>;
}

const subjects = await readSubjects();

describe('knobs', () => {
  it('are all read by some code', () => {
    const read = subjects.map(({ judges }) => new Set(judges.flatMap(({ reads }) => [...reads])));
    const unread = knobs().filter(({ places }) => !places.some(({ subject, at }) => read[subject]?.has(at)));
    expect(unread.map(named)).toEqual([]);
  });

  it('turn something red when they are changed', { timeout: 600_000 }, async () => {
    const survivors: string[] = [];
    for (const knob of knobs()) {
      for (const change of changesOf(knob))
        if (!(await isSeen(knob, change))) survivors.push(`${named(knob)} ${change.says}`);
    }
    expect(survivors).toEqual([]);
  });
});

/** A knob that several providers share is one: it is changed in all of them, and one red is enough. */
interface SharedKnob extends Knob {
  readonly places: readonly { readonly subject: number; readonly at: string }[];
}

function knobs(): SharedKnob[] {
  const found: SharedKnob[] = [];
  for (const [index, { provider }] of subjects.entries()) {
    for (const knob of knobsOf(dataOf(provider))) {
      const taken = found.some(({ places }) => places.some(({ subject, at }) => subject === index && at === knob.at));
      if (taken || exempt.some(([pattern]) => pattern.test(knob.at))) continue;
      const others = subjects.flatMap((other, subject) => {
        const at = subject === index ? knob.at : sameKnob(knob.at, dataOf(provider), dataOf(other.provider));
        return at === undefined ? [] : [{ subject, at }];
      });
      found.push({ ...knob, places: others });
    }
  }
  return found;
}

const dataOf = (provider: Provider) => provider as unknown as Json;

function named({ places }: SharedKnob): string {
  return places.map(({ subject, at }) => `${subjects[subject]?.provider.id}: ${at}`).join(', ');
}

async function isSeen({ places, value }: SharedKnob, change: Change): Promise<boolean> {
  for (const { subject: index, at } of places) {
    const subject = subjects[index];
    if (subject === undefined) continue;
    const mutant = changed(subject.provider, { at, value }, change);
    if (subject.fixture.facts.some((fact) => !matches(fact.is, valueAt(dataOf(mutant), fact.at)))) return true;
    for (const { judge } of concerned(subject.judges, at)) if (!(await judge(mutant))) return true;
  }
  return false;
}

/** Those that read the knob; first the ones that read most of what stands around it, since they are the likeliest to notice. */
function concerned(all: readonly Judge[], at: string): readonly Judge[] {
  const around = at.replace(/[^/]*$/, '');
  const nearness = ({ reads }: Judge) => [...reads].filter((read) => read.startsWith(around)).length / reads.size;
  return all
    .filter(({ about, reads }) => at.startsWith(about) && reads.has(at))
    .map((judge) => ({ judge, near: nearness(judge) }))
    .sort((a, b) => b.near - a.near)
    .map(({ judge }) => judge);
}

async function readSubjects(): Promise<Subject[]> {
  const loaded = await Promise.all(Object.values(shippedProviders).map(async (load) => (await load()).provider));
  const subjects = loaded.map(async (provider, index) => {
    const fixture = readFixture(provider.id);
    const sibling = loaded[(index + 1) % loaded.length] ?? provider;
    return { provider, fixture, judges: await readJudges(provider, fixture, sibling) };
  });
  return Promise.all(subjects);
}

/** Every case and check that is green as things stand, with the pointers that it reads. */
async function readJudges(provider: Provider, fixture: Fixture, sibling: Provider): Promise<Judge[]> {
  const found: Judge[] = [];
  for (const entry of fixture.cases) {
    const reads = new Set<string>();
    const watch = (given: Provider) => watched(given, reads);
    const judge = async (given: Provider) => (await replay(given, fixture, entry)).length === 0;
    if ((await replay(provider, fixture, entry, watch)).length === 0) found.push({ about: '', reads, judge });
  }
  for (const { about = '', run } of checks) {
    const reads = new Set<string>();
    const judge = async (given: Provider) => {
      try {
        await run(given, fixture, sibling);
        return true;
      } catch {
        return false;
      }
    };
    if (await judge(watched(provider, reads))) found.push({ about, reads, judge });
  }
  return found;
}
