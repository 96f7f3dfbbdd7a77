// Clocks that are off, jump and stand still, at each of the ten services: no token is handed out dead or refreshed again and again
// where the clock can be known, nobody loses a grant or a lock to it, and the clock is named.
import { describe, expect, test } from 'vitest';
import { tokenRequest } from './fault-cells.ts';
import { services } from './fault-table.ts';
import { outcomeOf, usual } from './other-answers.ts';
import { openSession, type ProgramSession, type Ran } from './program-session.ts';

const providers = Object.keys(services);
const hour = 3_600;
const day = 86_400;

const tokenRequests = ({ said }: Ran) => said.split('\n').filter((line) => tokenRequest.test(line)).length;
const warned = ({ answer }: Ran) => (answer.warnings ?? []).filter((words) => words.includes('clock')).length;

/** The machine's clock is so far ahead of the servers'; theirs go on as before. */
async function setAhead(session: ProgramSession, seconds: number, before = 0): Promise<void> {
  session.world.jump((seconds - before) * 1000);
  await session.switch(`clock-offset=${-seconds}`);
}

async function connect(session: ProgramSession, provider: string): Promise<Ran> {
  return session.run('connect', provider, '--wait', '5');
}

/** Asks for a token so often; how many requests that took, and whether each one works at the service. */
async function handOut(session: ProgramSession, provider: string, times = 4) {
  const rans: Ran[] = [];
  for (let count = 0; count < times; count++) rans.push(await session.run('token', provider, '--verbose'));
  const tokens = rans.map(({ answer }) => answer.data?.access_token ?? '');
  const spent = rans.map(tokenRequests).reduce((sum, count) => sum + count, 0);
  return { spent, works: tokens.every((token) => session.works(token)) };
}

const offs = [
  ['an hour ahead', hour, /clock is 1 hour ahead of/],
  ['an hour behind', -hour, /clock is (1 hour|59 minutes) behind/],
] as const;

describe.each(offs)('%s', (_, ahead, words) => {
  test.each(providers)(
    '%s: everything goes as usual, and each command that asks the service names the clock once',
    async (provider) => {
      const session = openSession();
      await setAhead(session, ahead);
      const connected = await connect(session, provider);
      expect(outcomeOf(connected)).toBe('connected 0');
      const { spent, works } = await handOut(session, provider);
      expect({ spent, works }).toEqual({ spent: 0, works: true });
      const rans = [connected];
      for (const command of ['status', 'refresh', 'status']) rans.push(await session.run(command, provider));
      const { status, refresh, again } = usual(provider);
      expect(rans.slice(1).map(outcomeOf)).toEqual([status, refresh, again]);
      expect(await handOut(session, provider)).toEqual({ spent: 0, works: true });
      for (const ran of rans) {
        expect(ran.said).toMatch(words);
        expect(warned(ran)).toBe(1);
      }
      expect(outcomeOf(await session.run('revoke', provider, '--yes'))).toBe(usual(provider).revoke);
      expect(await session.violations()).toEqual([]);
    },
  );

  test.each(providers)('%s, where nobody tells the time: what is stored works all the same', async (provider) => {
    const session = openSession();
    await connect(session, provider);
    await setAhead(session, ahead);
    await session.switch('date-header=missing');
    const { works, spent } = await handOut(session, provider);
    expect(works).toBe(true);
    expect(spent).toBeLessThanOrEqual(1);
    expect(outcomeOf(await session.run('refresh', provider))).toBe('refreshed 0');
    const status = await session.run('status', provider);
    expect([outcomeOf(status), warned(status)]).toEqual(['healthy 0', 0]);
  });
});

test.each(['outlook', 'teams'])(
  '%s, an hour behind and no Date: a sign-in that fails says that it may be the clock',
  async (provider) => {
    const session = openSession();
    await setAhead(session, -hour);
    await session.switch('date-header=missing');
    const ran = await connect(session, provider);
    expect(outcomeOf(ran)).toBe('bad_response 5');
    expect(ran.said).toMatch(/it is not valid yet, or this machine's clock is wrong/);
  },
);

test('a clock that is right, or nearly, is not spoken of', async () => {
  const session = openSession();
  await connect(session, 'github');
  for (const seconds of [0, 50, -50]) {
    await session.switch(`clock-offset=${seconds}`);
    expect(warned(await session.run('status', 'github'))).toBe(0);
  }
});

describe.each([
  ['forward', hour],
  ['back', -hour],
  ['back by a month', -30 * day],
] as const)('set %s between the sign-in and the use', (_, ahead) => {
  test.each(providers)('%s: refreshed once at most, and what is handed out works', async (provider) => {
    const session = openSession();
    await connect(session, provider);
    await setAhead(session, ahead);
    const first = await handOut(session, provider);
    expect(first.works).toBe(true);
    expect(first.spent).toBeLessThanOrEqual(1);
    const rans = [await session.run('status', provider), await session.run('refresh', provider)];
    expect(rans.map(outcomeOf)).toEqual(['healthy 0', 'refreshed 0']);
    expect(await handOut(session, provider)).toEqual({ spent: 0, works: true });
    expect(await session.violations()).toEqual([]);
  });
});

test.each(providers)('%s: ahead at the sign-in and put right within the hour', async (provider) => {
  const session = openSession();
  await setAhead(session, hour);
  await connect(session, provider);
  session.world.advance(600_000);
  await setAhead(session, 0, hour);
  const first = await handOut(session, provider);
  expect(first.works).toBe(true);
  expect(first.spent).toBeLessThanOrEqual(1);
  session.world.advance(3_300_000);
  expect((await handOut(session, provider)).works).toBe(true);
});

// What no client can promise: no network is asked for a token that looks fresh, and nothing on this machine tells that its clock was
// ahead when the token came and is right now. `status` asks, and mends it.
test('ahead at the sign-in and put right after the token has ended: handed out dead, until status has asked', async () => {
  const session = openSession();
  const [provider = ''] = providers;
  await setAhead(session, hour);
  await connect(session, provider);
  session.world.advance(3_660_000);
  await setAhead(session, 0, hour);
  expect((await handOut(session, provider)).works).toBe(false);
  expect(outcomeOf(await session.run('status', provider))).toBe('healthy 0');
  expect((await handOut(session, provider)).works).toBe(true);
});

describe('the machine sleeps for a day', () => {
  test.each(providers)('%s: while a token is held', async (provider) => {
    const session = openSession();
    await connect(session, provider);
    session.world.jump(day * 1000);
    const { works, spent } = await handOut(session, provider);
    expect(works).toBe(true);
    expect(spent).toBe(provider === 'notion' ? 0 : 1);
    expect(outcomeOf(await session.run('status', provider))).toBe('healthy 0');
  });

  test.each(providers)('%s: while a refresh is in flight, whose answer comes', async (provider) => {
    const { session, ran } = await asleepDuring(provider, 'latency=5000@token', ['refresh', provider]);
    expect(outcomeOf(ran)).toBe('refreshed 0');
    expect((await handOut(session, provider)).works).toBe(true);
    expect(await session.violations()).toEqual([]);
  });

  test.each(providers)('%s: while a refresh is in flight, whose answer does not come', async (provider) => {
    const { session, ran } = await asleepDuring(provider, 'latency=60000@token', ['refresh', provider]);
    const open = /^(uncertain|unreachable) 6$/;
    expect(outcomeOf(ran)).toMatch(open);
    expect(session.world.files.paths().some((path) => path.endsWith(`connections/${provider}.json`))).toBe(true);
    await session.switch('reset');
    // The token that was used up is told as such; the others are refreshed.
    expect(outcomeOf(await session.run('refresh', provider))).toMatch(/^(refreshed 0|rejected 4)$/);
  });

  test.each(providers.filter((provider) => provider !== 'notion'))(
    '%s: while `token` waits: what had ended before it came is not handed out',
    async (provider) => {
      const { session, ran } = await asleepDuring(provider, 'latency=5000@token', ['token', provider], 2 * day);
      expect([ran.exit, ran.answer.error?.code]).toEqual([6, 'timed_out']);
      await session.switch('reset');
      expect((await handOut(session, provider)).works).toBe(true);
    },
  );

  // Notion's tokens are single-use, and the new one has not ended when the machine wakes.
  test('a lock is not taken from a process that slept with the machine', async () => {
    const session = openSession();
    await connect(session, 'notion');
    await session.switch('latency=5000@token');
    const both = [
      session.run('refresh', 'notion', '--verbose'),
      session.another().run('refresh', 'notion', '--verbose'),
    ];
    await session.world.system.clock.sleep(2_000);
    session.world.jump(day * 1000);
    const rans = await Promise.all(both);
    expect(rans.map(outcomeOf).sort()).toEqual(['fresh 0', 'refreshed 0']);
    expect(rans.map(tokenRequests).reduce((sum, count) => sum + count)).toBe(1);
    expect(await session.violations()).toEqual([]);
  });
});

/** The machine falls asleep two seconds after the command began. */
async function asleepDuring(provider: string, fault: string, words: readonly string[], heldFor = 0) {
  const session = openSession();
  await connect(session, provider);
  session.world.jump(heldFor * 1000);
  await session.switch(fault);
  const running = session.run(...words);
  await session.world.system.clock.sleep(2_000);
  session.world.jump(day * 1000);
  return { session, ran: await running };
}

describe('a refusal that is remembered', () => {
  test.each([
    ['a year back', -365 * day],
    ['a year forward', 365 * day],
  ])('is forgotten within a day when the clock is set %s', async (_, seconds) => {
    const session = openSession();
    await connect(session, 'dropbox');
    await session.switch('invalid-grant');
    const unattended = async () => tokenRequests(await session.run('refresh', '--all', '--verbose'));
    expect([await unattended(), await unattended()]).toEqual([1, 0]);
    session.world.jump(seconds * 1000);
    expect([await unattended(), await unattended()]).toEqual([1, 0]);
    session.world.advance(day * 1000);
    expect(await unattended()).toBe(1);
  });
});

test.each([
  ['an hour ahead', hour],
  ['an hour behind', -hour],
])('%s: a date in Retry-After is measured by the clock of the server', async (_, ahead) => {
  const session = openSession();
  await connect(session, 'github');
  await setAhead(session, ahead);
  await session.switch('http-429=30@user', 'retry-after=date');
  const ran = await session.run('status', 'github');
  expect(ran.said).toMatch(/try again in 30 seconds/);
});
