// A machine whose clock is an hour off: what the server says of the time counts, and what is stored works on all the same.
import { describe, expect, it } from 'vitest';
import { connect } from '../../src/connections/connect.ts';
import { readConnection } from '../../src/connections/find.ts';
import { freshen } from '../../src/connections/freshen.ts';
import { createSigner } from '../oauth/signed-tokens.ts';
import type { World } from '../support/world.ts';
import { agree, createRig, issuer, json, plantConnection, type Rig, signIn as request } from './rig.ts';

const signer = await createSigner();

/** A server whose clock is right while this machine's is so far ahead of it: its id_tokens hold for ten minutes. */
function answerOnTime(
  { server, world }: Rig,
  victim: World,
  aheadSeconds: number,
  date: 'with Date' | 'without Date' = 'with Date',
): void {
  server.instead = async ({ url }) => {
    if (!url.endsWith('/token')) return json(200, { sub: server.accountId });
    const seconds = Math.floor(world.now() / 1000) - aheadSeconds;
    const nonce = new URL(victim.opened[0] ?? issuer).searchParams.get('nonce') ?? undefined;
    const claims = { iss: issuer, aud: 'acme-client', sub: server.accountId, nonce };
    const id_token = await signer.sign({ ...claims, iat: seconds, nbf: seconds, exp: seconds + 600 });
    const answer = json(200, {
      access_token: 'new',
      refresh_token: 'next',
      token_type: 'Bearer',
      expires_in: 3600,
      id_token,
    });
    if (date === 'without Date') return answer;
    return { ...answer, headers: { ...answer.headers, date: new Date(seconds * 1000).toUTCString() } };
  };
}

const clocks = [
  { aheadSeconds: 3600, why: 'it has expired' },
  { aheadSeconds: -3600, why: 'it is not valid yet' },
];

describe.each(clocks)('a clock that is off by $aheadSeconds s', ({ aheadSeconds, why }) => {
  it('does not stand in the way of a sign-in: the id_token holds by the clock of the server that sent it', async () => {
    const rig = createRig();
    const { workspace, world } = await rig.process();
    agree(world);
    answerOnTime(rig, world, aheadSeconds);
    await connect(workspace, request);
    const stored = await readConnection(workspace, 'acme');
    // By this machine's own clock, which is what it will be compared with.
    expect(stored?.connection.accessToken.expiresAt).toBe(world.now() + 3_600_000);
  });

  it('is named as what it may be when a sign-in fails because of it and nobody tells the time', async () => {
    const rig = createRig();
    const { workspace, world } = await rig.process();
    agree(world);
    answerOnTime(rig, world, aheadSeconds, 'without Date');
    await expect(connect(workspace, request)).rejects.toMatchObject({
      code: 'bad_response',
      exit: 5,
      message: `the id_token of acme is refused: ${why}, or this machine's clock is wrong`,
      hint: 'oauthctl connect acme',
    });
    expect(await readConnection(workspace, 'acme')).toBeUndefined();
  });

  it.each(['with Date', 'without Date'] as const)('does not stand in the way of a refresh, %s', async (date) => {
    const rig = createRig();
    const { workspace, world } = await rig.process();
    await plantConnection(workspace);
    answerOnTime(rig, world, aheadSeconds, date);
    const options = { minValidSeconds: 60, force: false, explicit: false };
    const outcome = await freshen(workspace, 'acme', options);
    expect(outcome.kind).toBe('refreshed');
    expect(outcome.connection.accessToken.expiresAt).toBe(world.now() + 3_600_000);
    const dropped = `the new id_token was dropped: the id_token of acme is refused: ${why}`;
    if (date === 'with Date') expect(world.stderr()).not.toContain('dropped');
    else expect(world.stderr()).toContain(dropped);
    expect((await freshen(workspace, 'acme', options)).kind).toBe('fresh');
  });
});
