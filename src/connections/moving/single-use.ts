// Whether two copies of a grant can live side by side.
import type { Connection } from '../../model/connection.ts';
import type { Provider } from '../../model/provider.ts';
import { losesNothing } from '../lifetimes.ts';

/** The first refresh of one copy ends the refresh token of the other. Where nobody knows, it may. */
export function isSingleUse({ refreshToken }: Pick<Connection, 'refreshToken'>, provider: Provider): boolean {
  return refreshToken.present && refreshToken.rotates !== false && !losesNothing(provider);
}
