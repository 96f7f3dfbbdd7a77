// One cell of the table of faults: a connection at a service, one operation while the fault lasts, and what is left of it.

import { type Fault, services } from './fault-table.ts';
import { outcomeOf } from './other-answers.ts';
import { openSession, type ProgramSession, type Ran } from './program-session.ts';

/** `proof`: a revocation that goes well, and the fault begins while the service answers it. */
export type Operation = 'connect' | 'refresh' | 'probe' | 'revoke' | 'proof';

export interface CellResult {
  /** Outcome and exit. */
  readonly told: string;
  /** `marked`: with the mark of a refresh that was cut short; `written`: anew, without one. */
  readonly record: 'none' | 'as it was' | 'written' | 'marked';
  /** Whether any token of it still works at the service. */
  readonly grant: 'lives' | 'none';
  /** What the next commands come to when the fault is over. */
  readonly next: readonly string[];
}

/** Signs in once; every cell goes on from there by itself. */
export async function connectedTo(provider: string): Promise<ProgramSession> {
  const session = openSession();
  const connected = await session.run('connect', provider, '--wait', '5');
  if (connected.exit !== 0) throw new Error(connected.said);
  return session;
}

export interface Cell extends CellResult {
  readonly ran: Ran;
  /** How many requests for tokens left while the fault lasted. */
  readonly requests: number;
  readonly violations: readonly string[];
}

export async function playCell(
  start: ProgramSession,
  operation: Operation,
  fault: Fault,
  provider: string,
): Promise<Cell> {
  const session = operation === 'connect' ? openSession() : start.fork(2);
  const before = recordOf(session, provider);
  const disturb = () => session.switch(...switchesAt(fault, placeOf(operation, provider)));
  const ran =
    operation === 'proof'
      ? await revokeAndLose(session, provider, disturb)
      : await under(disturb, session, operation, provider);
  const record = stateOf(before, recordOf(session, provider));
  const grant = session.living() > 0 ? 'lives' : 'none';
  await session.switch('reset');
  const next = await afterwards(session, operation, provider, record);
  const requests = ran.said.split('\n').filter((line) => tokenRequest.test(line)).length;
  return { told: outcomeOf(ran), record, grant, next, ran, requests, violations: await session.violations() };
}

/** A line of the trace. */
export const tokenRequest = /POST \S+(\/token|access_token|oauth_token|oauth\.v2\.access) /;

const words: Readonly<Record<Operation, (provider: string) => readonly string[]>> = {
  connect: (provider) => ['connect', provider, '--wait', '5'],
  refresh: (provider) => ['refresh', provider],
  probe: (provider) => ['status', provider],
  revoke: (provider) => ['revoke', provider, '--yes'],
  proof: (provider) => ['revoke', provider, '--yes'],
};

async function under(
  disturb: () => Promise<void>,
  session: ProgramSession,
  operation: Operation,
  provider: string,
): Promise<Ran> {
  await disturb();
  return session.run(...words[operation](provider), '--verbose');
}

/** The answer to the revocation takes a second, in the middle of which the fault begins. */
async function revokeAndLose(session: ProgramSession, provider: string, disturb: () => Promise<void>): Promise<Ran> {
  await session.switch(`latency=1000@${services[provider]?.revoke}`);
  const running = session.run(...words.proof(provider), '--verbose');
  await session.world.system.clock.sleep(500);
  await disturb();
  return running;
}

function placeOf(operation: Operation, provider: string): string {
  const { probe, revoke, proof } = services[provider] ?? { probe: '', revoke: null };
  const places = { connect: 'token', refresh: 'token', probe, revoke: revoke ?? 'token', proof: proof ?? probe };
  return places[operation];
}

function switchesAt({ switches }: Fault, place: string): readonly string[] {
  return switches.split(' ').map((line) => (line.endsWith('@') ? `${line}${place}` : line));
}

function recordOf({ world }: ProgramSession, provider: string): string | undefined {
  return world.files.get(world.files.paths().find((path) => path.endsWith(`connections/${provider}.json`)) ?? '');
}

function stateOf(before: string | undefined, now: string | undefined): CellResult['record'] {
  if (now === undefined) return 'none';
  if (now === before) return 'as it was';
  const { facts } = JSON.parse(now) as { facts: { spending?: readonly unknown[] } };
  return (facts.spending ?? []).length > 0 ? 'marked' : 'written';
}

/** The commands that show what was kept: a record that opens, and tokens that still work. */
async function afterwards(
  session: ProgramSession,
  operation: Operation,
  provider: string,
  record: CellResult['record'],
): Promise<readonly string[]> {
  const ahead: Readonly<Record<Operation, readonly Operation[]>> = {
    connect: ['connect'],
    refresh: ['refresh', 'probe'],
    probe: ['probe', 'refresh'],
    revoke: record === 'none' ? [] : ['revoke'],
    proof: record === 'none' ? [] : ['revoke'],
  };
  const outcomes: string[] = [];
  for (const step of ahead[operation]) outcomes.push(outcomeOf(await session.run(...words[step](provider))));
  return outcomes;
}
