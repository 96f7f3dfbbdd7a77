// What may stand between a person and a code, in the browser and with the device flow alike.
import type { Call } from '../call.ts';
import { admits, isPersonal, type Tenant } from './directory.ts';
import type { Aadsts } from './errors.ts';
import { isForWork, isManaged, needsAdministrator } from './scopes.ts';

export const head = { mark: 'M', appName: 'oauthctl' } as const;

/** The number on the page where it ends. */
export function stopped(call: Call, person: string, scopes: readonly string[], tenant: Tenant): Aadsts | undefined {
  if (!admits(tenant, person)) return '50020';
  if (isPersonal(person)) return refusedToPersonal(call, scopes) ? '70011' : undefined;
  const managed = call.peek('microsoft-consent') !== undefined && scopes.some(isManaged);
  return managed || scopes.some(needsAdministrator) ? '90094' : undefined;
}

/** Documented as not supported, and seen by nobody: https://learn.microsoft.com/en-us/graph/permissions-reference (read 2026-11) */
export function refusedToPersonal(call: Call, scopes: readonly string[]): boolean {
  return call.peek('microsoft-personal-chat') === undefined && scopes.some(isForWork);
}
