// The table of faults: each fault of the network, on each operation, at each of the ten services, played by the real program and
// held against what the contract promises. One cell: what is told, what is left of the record and of the grant, and what the next
// commands come to when the fault is over.
import { beforeAll, describe, expect, test } from 'vitest';
import { transportSwitches } from '../../src/sandbox/transport-switches.ts';
import { connectedTo, type Operation, playCell } from './fault-cells.ts';
import { expectedAt, faults, pauseAt, services } from './fault-table.ts';
import { outcomeOf } from './other-answers.ts';
import type { ProgramSession } from './program-session.ts';

const providers = Object.keys(services);
const sessions = new Map<string, ProgramSession>();

beforeAll(async () => {
  for (const provider of providers) sessions.set(provider, await connectedTo(provider));
});

function startAt(provider: string): ProgramSession {
  const session = sessions.get(provider);
  if (session === undefined) throw new Error(`nobody is signed in at ${provider}`);
  return session;
}

const operations: readonly Operation[] = ['connect', 'refresh', 'probe', 'revoke', 'proof'];

describe.each(operations)('%s', (operation) => {
  // Where nothing can be revoked, nothing is proved.
  const asked = providers.filter((provider) => operation !== 'proof' || services[provider]?.revoke !== null);

  test.each(faults.map((fault) => [fault.switches, fault] as const))('%s', async (_, fault) => {
    const got: Record<string, object> = {};
    const expected: Record<string, object> = {};
    for (const provider of asked) {
      const cell = await playCell(startAt(provider), operation, fault, provider);
      const { told, record, grant, next, requests, violations, ran } = cell;
      const pause = pauseAt(operation, fault, provider);
      const says = pause === undefined || ran.said.includes(`${pause} s`);
      got[provider] = {
        told,
        record,
        grant,
        next,
        violations,
        says,
        hinted: isHinted(cell),
        bounded: !asksForTokens.includes(operation) || isBounded(requests, pause),
      };
      const whole = { violations: [], says: true, hinted: true, bounded: true };
      expected[provider] = { ...expectedAt(operation, fault, provider), ...whole };
    }
    expect(got).toEqual(expected);
  });
});

const asksForTokens: readonly Operation[] = ['connect', 'refresh'];

/** Tokens are asked for once; once more where the answer names a time after which that is welcome. */
function isBounded(requests: number, pause: number | undefined): boolean {
  return requests <= (pause === undefined ? 1 : 2);
}

/** Whatever went wrong says the one thing to do next. */
function isHinted({ ran: { exit, answer } }: Awaited<ReturnType<typeof playCell>>): boolean {
  const line = answer.data?.connections?.[0] ?? answer.data?.results?.[0];
  const problem = answer.error ?? line?.problem;
  return exit === 0 || line?.remote === 'unsupported' || line?.remote === 'revoked' || Boolean(problem?.hint);
}

test('every fault of the network that the sandbox has is in the table; those of the clock have one of their own', () => {
  const met = new Set(faults.flatMap(({ switches }) => switches.split(/[ @]+/)).map((line) => line.split('=')[0]));
  // How late an answer may be, at random: that is `latency` with other numbers.
  const elsewhere = ['jitter', 'clock-offset'];
  const missing = transportSwitches.filter(({ name }) => !met.has(name) && !elsewhere.includes(name));
  expect(missing).toEqual([]);
});

// Where the answer to the exchange does not say who signed in, a second call does. One that fails at a second sign-in must not
// cost the connection that is there: at GitHub, ending any grant of an app ends all that the person gave it.
test.each(providers)(
  '%s: a second sign-in, at which nobody can be asked whose it is, loses nothing',
  async (provider) => {
    const session = startAt(provider).fork(3);
    await session.switch(`http-5xx@${services[provider]?.probe}`);
    const ran = await session.run('connect', provider, '--wait', '5');
    await session.switch('reset');
    const answersWho = provider !== 'github' && provider !== 'trello';
    expect(outcomeOf(ran)).toBe(answersWho ? 'connected 0' : 'account_differs 2');
    expect(ran.said.includes('could not be asked now')).toBe(!answersWho);
    const status = await session.run('status', provider);
    expect(outcomeOf(status)).toBe('healthy 0');
    expect(status.answer.data?.connections?.[0]?.account?.name).toMatch(/^ada/i);
    expect(await session.violations()).toEqual([]);
  },
);
