// Where a person can end a grant by hand.
import type { Provider } from '../model/provider.ts';

export interface Whose {
  readonly clientId: string;
  readonly accountId: string | null;
}

/** Null where there is no such page, or none that can be named without knowing the app. */
export function finishPage({ revocation }: Provider, whose: Whose | null): string | null {
  const { finishAt, finishAtFor = [] } = revocation;
  const special = finishAtFor.find(({ accountIdStarts }) => whose?.accountId?.startsWith(accountIdStarts));
  const page = special?.url ?? finishAt;
  if (page === null || !page.includes('{client_id}')) return page;
  return whose === null ? null : page.replaceAll('{client_id}', encodeURIComponent(whose.clientId));
}
