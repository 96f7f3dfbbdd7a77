// A machine whose clock is an hour off: a sign-in says so and by how much, and what is stored works on all the same.
import { describe, expect, it } from 'vitest';
import { connect } from '../../src/connections/connect.ts';
import { readConnection } from '../../src/connections/find.ts';
import { freshen } from '../../src/connections/freshen.ts';
import { createSigner } from '../oauth/signed-tokens.ts';
import type { World } from '../support/world.ts';
import { agree, createRig, issuer, json, plantConnection, type Rig, signIn as request } from './rig.ts';

const signer = await createSigner();

/** A server whose clock is right while this machine's is so far ahead of it: its id_tokens hold for ten minutes. */
function answerOnTime({ server, world }: Rig, victim: World, aheadSeconds: number): void {
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
    return { ...answer, headers: { ...answer.headers, date: new Date(seconds * 1000).toUTCString() } };
  };
}

const clocks = [
  { aheadSeconds: 3600, why: 'it has expired', off: "this machine's clock is 1 hour ahead of acme.example" },
  { aheadSeconds: -3600, why: 'it is not valid yet', off: "this machine's clock is 1 hour behind acme.example" },
];

describe.each(clocks)('a clock that is off by $aheadSeconds s', ({ aheadSeconds, why, off }) => {
  it('is named when a sign-in fails because of it', async () => {
    const rig = createRig();
    const { workspace, world } = await rig.process();
    agree(world);
    answerOnTime(rig, world, aheadSeconds);
    await expect(connect(workspace, request)).rejects.toMatchObject({
      code: 'bad_response',
      exit: 5,
      message: `the id_token of acme is refused: ${why}; ${off}`,
      hint: "set this machine's clock, then oauthctl connect acme",
    });
    expect(await readConnection(workspace, 'acme')).toBeUndefined();
  });

  it('does not stand in the way of a refresh: the tokens are kept, the id_token is dropped and traced', async () => {
    const rig = createRig();
    const { workspace, world } = await rig.process();
    await plantConnection(workspace);
    answerOnTime(rig, world, aheadSeconds);
    const options = { minValidSeconds: 60, force: false, explicit: false };
    const outcome = await freshen(workspace, 'acme', options);
    expect(outcome).toMatchObject({ kind: 'refreshed', tokens: { idToken: null } });
    // By this machine's own clock, which is what it will be compared with.
    expect(outcome.connection.accessToken.expiresAt).toBe(world.now() + 3_600_000);
    expect(world.stderr()).toContain(`the new id_token was dropped: the id_token of acme is refused: ${why}; ${off}`);
    expect((await freshen(workspace, 'acme', options)).kind).toBe('fresh');
  });
});
