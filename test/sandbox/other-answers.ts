// What becomes of a connection when a service answers otherwise: one row is one story of the program, step by step.
import { expect } from 'vitest';
import { openSession, type ProgramSession, type Ran } from './program-session.ts';

type Step = 'connect' | 'status' | 'refresh' | 'again' | 'revoke';

/** What each step comes to, and its exit. Where `connect` fails, the story ends. */
export type Story = Readonly<Partial<Record<Step, string>>>;

export interface Row {
  readonly provider: string;
  /** Of the sandbox's registrations, where it is not the first. */
  readonly kind?: string;
  /** Further words for `connect`. */
  readonly connect?: string;
  /** Switches, separated by blanks: before the sign-in, and after it. */
  readonly before?: string;
  readonly after?: string;
  /** How much later it goes on after the sign-in. */
  readonly later?: number;
  /** Steps that go otherwise than usual. */
  readonly expect?: Story;
  /** What is said at a step. */
  readonly says?: Readonly<Partial<Record<Step, RegExp>>>;
  /** After all switches are off again, from a record that was kept: the outcomes of `refresh` and `status`. */
  readonly afterwards?: readonly [string, string];
  /** Tokens that nobody was told of, and nobody can end. */
  readonly untold?: number;
}

const proofs: Readonly<Record<string, string>> = { github: 'introspected', notion: 'introspected' };
const endless = ['outlook', 'teams'];

export function usual(provider: string): Required<Story> {
  const revoke = endless.includes(provider)
    ? 'unsupported none deleted 8'
    : `revoked ${proofs[provider] ?? 'probe_rejected'} deleted 0`;
  return { connect: 'connected 0', status: 'healthy 0', refresh: 'refreshed 0', again: 'healthy 0', revoke };
}

export function nameOf({ provider, kind, connect, before, after, later }: Row): string {
  const when = later === undefined ? '' : `${later} s later`;
  return [provider, kind, connect, before && `[${before}]`, after && `then [${after}]`, when].filter(Boolean).join(' ');
}

const words = (text: string | undefined) => (text ?? '').split(' ').filter((word) => word !== '');

/** Plays the row and holds it against what is expected of it; a grant that is forgotten must have ended. */
export async function expectStory(row: Row): Promise<void> {
  const session = openSession({ terminal: words(row.connect).includes('--paste') });
  const { told, said } = await play(session, row);
  const expected: Story = { ...usual(row.provider), ...row.expect };
  expect(told).toEqual(expected.connect === 'connected 0' ? expected : { connect: expected.connect });
  for (const [step, pattern] of Object.entries(row.says ?? {})) expect(said[step as Step]).toMatch(pattern);
  await expectKept(session, row, told.revoke ?? '');
  expect(await session.violations()).toEqual([]);
}

async function play(session: ProgramSession, row: Row) {
  const told: Partial<Record<Step, string>> = {};
  const said: Partial<Record<Step, string>> = {};
  const note = (step: Step, ran: Ran) => {
    told[step] = outcomeOf(ran);
    said[step] = ran.said;
  };
  await session.switch(...words(row.before));
  if (row.kind !== undefined) await session.register(row.provider, row.kind);
  const app = row.kind === undefined ? [] : ['--app', 'other'];
  const wait = words(row.connect).includes('--device') ? '60' : '5';
  note('connect', await session.run('connect', row.provider, '--wait', wait, ...app, ...words(row.connect)));
  if (told.connect !== 'connected 0') return { told, said };
  await session.switch(...words(row.after));
  session.world.advance((row.later ?? 0) * 1000);
  note('status', await session.run('status', row.provider));
  note('refresh', await session.run('refresh', row.provider));
  note('again', await session.run('status', row.provider));
  note('revoke', await session.run('revoke', row.provider, '--yes'));
  return { told, said };
}

export function outcomeOf({ exit, answer: { data, error } }: Ran): string {
  const line = data?.connections?.[0] ?? data?.results?.[0];
  if (error !== undefined) return `${error.code} ${exit}`;
  if (data?.connection !== undefined) return `connected ${exit}`;
  const found = [line?.state, line?.outcome, line?.remote, line?.proof, line?.local, exit];
  return found.filter((word) => word !== undefined).join(' ');
}

/** Kept exactly when the provider could not end it now; forgotten only when it has ended, or cannot be ended from here. */
async function expectKept(
  session: ProgramSession,
  { provider, afterwards, untold = 0 }: Row,
  revoked: string,
): Promise<void> {
  const { answer } = await session.run('list');
  expect(answer.data?.connections?.length).toBe(revoked.includes(' kept ') ? 1 : 0);
  if (/^(revoked|already_dead)/.test(revoked)) expect(session.living()).toBe(untold);
  if (!revoked.includes(' kept ')) return;
  await session.switch('reset');
  const refreshed = await session.run('refresh', provider);
  const outcomes = [outcomeOf(refreshed), outcomeOf(await session.run('status', provider))];
  expect(outcomes).toEqual(afterwards ?? ['refreshed 0', 'healthy 0']);
}
