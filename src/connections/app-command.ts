// A command about one of a provider's apps, with what tells it from the default one.
import { defaultAppName } from '../model/names.ts';

export interface AppChoice {
  readonly name: string | undefined;
  /** Left out where the kind goes without saying. */
  readonly kind?: string | undefined;
}

/** Without its name, `app set` would overwrite the default app. */
export function appCommand(verb: 'set' | 'show', provider: string, { name = defaultAppName, kind }: AppChoice): string {
  const named = name === defaultAppName ? '' : ` --name ${name}`;
  return `oauthctl app ${verb} ${provider}${named}${kind === undefined ? '' : ` --kind ${kind}`}`;
}
