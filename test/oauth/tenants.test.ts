// The tenant that an id_token speaks of, where every tenant is an issuer of its own.
import { describe, expect, test } from 'vitest';
import { CliError } from '../../src/errors.ts';
import type { TenantRule } from '../../src/model/provider.ts';
import { check, signed } from './id-token-rig.ts';
import { issuer } from './rig.ts';

describe('tenants', () => {
  const personal = '9188040d-6c67-4c5b-b112-36a304b66dad';
  const work = '11111111-2222-4333-8444-555555555555';
  const tenant: TenantRule = {
    default: 'common',
    words: ['common', 'organizations', 'consumers'],
    refused: [],
    issuer: { template: `${issuer}/{tenantid}/v2.0`, claim: 'tid' },
    claimOf: { consumers: { is: personal }, organizations: { not: personal } },
  };
  /** `chosen`: the tenant that was signed in to, as the effective provider carries it. */
  const judged = async (chosen: string | null, tid: string | undefined, iss = `${issuer}/${tid}/v2.0`) => {
    const provider = { issuer: `${issuer}/${chosen}/v2.0`, tenant };
    const error = await check(await signed({ iss, ...(tid === undefined ? {} : { tid }) }), {
      provider,
      tenant: chosen,
    })
      .then(() => 'taken')
      .catch((reason: unknown) => (reason instanceof CliError ? reason.message : reason));
    return String(error).replace('the id_token of Acme is refused: ', '');
  };

  test.each([
    ['common', work],
    ['common', personal],
    [null, work],
    ['organizations', work],
    ['consumers', personal],
    [work, work],
    [work.toUpperCase(), work],
    // A domain names a tenant, and which one no token says.
    ['acme.example', work],
  ])('%s: a token of %s is taken', async (chosen, tid) => {
    expect(await judged(chosen, tid)).toBe('taken');
  });

  test.each([
    ['organizations', personal],
    ['consumers', work],
    [work, personal],
    ['66666666-2222-4333-8444-555555555555', work],
  ])('%s: a token of %s is refused', async (chosen, tid) => {
    expect(await judged(chosen, tid)).toBe(`it is from the tenant '${tid}', which is none of '${chosen}'`);
  });

  test.each([
    ['another tenant than its claim', work, `${issuer}/${personal}/v2.0`],
    ['the word', work, `${issuer}/common/v2.0`],
    ['the template', work, `${issuer}/{tenantid}/v2.0`],
    ['a tenant, and no claim', undefined, `${issuer}/${work}/v2.0`],
    ['elsewhere', work, `https://evil.example/${work}/v2.0`],
  ])('the issuer is %s', async (_, tid, iss) => {
    expect(await judged('common', tid, iss)).toContain('"iss"');
  });

  test('aliases keep working beside it', async () => {
    const provider = { tenant, issuerAliases: ['acme'] };
    expect((await check(await signed({ iss: 'acme', tid: work }), { provider })).sub).toBe('ann-1');
  });

  test('without tenants the claim says nothing', async () => {
    expect((await check(await signed({ tid: personal }))).sub).toBe('ann-1');
  });
});
