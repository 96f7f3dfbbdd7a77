// Who asks the token and device endpoints, and of which tenant.
// https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow (read 2026-11)
import { readForm } from '../authority/bodies.ts';
import { type AuthorityClient, type ClientRefusal, judgeClient, readCredentials } from '../authority/clients.ts';
import type { Call, Reply } from '../call.ts';
import type { Params } from '../params.ts';
import { clients, type Tenant, tenantNamed } from './directory.ts';
import { type Aadsts, aadError } from './errors.ts';

export interface TokenRequest {
  readonly client: AuthorityClient;
  readonly form: Params;
  readonly tenant: Tenant;
}

const clientErrors: Readonly<Record<ClientRefusal, Aadsts>> = {
  id_missing: '900144',
  unknown: '700016',
  wrong_place: '7000218',
  secret_missing: '7000218',
  secret_unwanted: '700025',
  secret_wrong: '7000215',
  secret_over: '7000222',
};

/** Who asks what of which tenant; or what it is told instead. */
export function readRequest(call: Call, secretOptional: boolean): TokenRequest | { readonly reply: Reply } {
  const tenant = tenantNamed(call.segments.tenant);
  if (tenant === undefined) return { reply: aadError(call, '90002') };
  const form = readForm(call);
  const places = ['body', 'basic'] as const;
  const judged = judgeClient(call, readCredentials(call, form), { clients, places, secretOptional });
  return judged.ok ? { client: judged.client, form, tenant } : { reply: aadError(call, clientErrors[judged.why]) };
}

/** The code, or the device's, is redeemed where it was asked for. */
export function otherTenant(call: Call): Reply {
  call.violation('tenant', 'the token endpoint of another tenant than the one that was asked first');
  return aadError(call, '700005');
}
