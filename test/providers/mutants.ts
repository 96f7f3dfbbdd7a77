// A provider's fixture and checks as judges of its data: which of them read a knob, and whether one sees that it is changed.
import type { Json } from '../../src/model/json.ts';
import type { Provider } from '../../src/model/provider.ts';
import { valueAt } from '../../src/oauth/answer.ts';
import { checks } from './checks.ts';
import type { Fact, Fixture } from './fixture.ts';
import { type Change, changed, type Knob, watched } from './knobs.ts';
import { matches } from './matches.ts';
import { readFixture } from './read-fixture.ts';
import { replay } from './replay.ts';

export interface Subject {
  readonly provider: Provider;
  readonly fixture: Fixture;
  /** As the judges, those that hold as things stand. */
  readonly facts: readonly Fact[];
  readonly judges: readonly Judge[];
}

/** One case or check, and the knobs that it reads. */
interface Judge {
  readonly about: string;
  readonly reads: ReadonlySet<string>;
  /** Green: true. */
  readonly judge: (provider: Provider) => Promise<boolean>;
}

export interface SharedKnob extends Knob {
  readonly places: readonly { readonly subject: Subject; readonly at: string }[];
}

/** Every case and check that is green as things stand, with the pointers that it reads. */
export async function readSubject(provider: Provider): Promise<Subject> {
  const fixture = readFixture(provider.id);
  const judges: Judge[] = [];
  for (const entry of fixture.cases) {
    const reads = new Set<string>();
    const judge = async (given: Provider) => (await replay(given, fixture, entry)).length === 0;
    const isGreen = (await replay(provider, fixture, entry, (given) => watched(given, reads))).length === 0;
    if (isGreen) judges.push({ about: '', reads, judge });
  }
  for (const { about = '', run } of checks) {
    const reads = new Set<string>();
    const judge = async (given: Provider) => {
      try {
        await run(given, fixture);
        return true;
      } catch {
        return false;
      }
    };
    if (await judge(watched(provider, reads))) judges.push({ about, reads, judge });
  }
  return { provider, fixture, facts: fixture.facts.filter((fact) => holds(fact, provider)), judges };
}

function holds({ is, at }: Fact, provider: Provider): boolean {
  return matches(is, valueAt(provider as unknown as Json, at));
}

/** Whether a fact, a case or a check of one of the places turns red. */
export async function isSeen({ places, value }: SharedKnob, change: Change): Promise<boolean> {
  for (const { subject, at } of places) {
    const mutant = changed(subject.provider, { at, value }, change);
    if (!subject.facts.every((fact) => holds(fact, mutant))) return true;
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
