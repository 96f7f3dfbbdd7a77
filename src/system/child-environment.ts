// Keeps secrets out of the environment of every process that this one starts.

/** Windows compares names without case, so this does everywhere. */
const secretNames =
  /^(OAUTHCTL_KEY|OAUTHCTL_KEY_FILE|OAUTHCTL_PASSPHRASE_FILE|OAUTHCTL_.*_CLIENT_SECRET|OAUTHCTL_.*_CLIENT_SECRET_FILE)$/i;

export type Variables = Readonly<Record<string, string | undefined>>;

/** What a child may see: everything but our secrets and where they lie. */
export function childEnvironment(variables: Variables): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    if (value !== undefined && !secretNames.test(name)) kept[name] = value;
  }
  return kept;
}

/**
 * Returns all variables and deletes the secret ones from what it was given. Libraries start children with the process's
 * own environment (`open` takes no other), so the secrets must leave it before anything is started.
 */
export function takeEnvironment(variables: Record<string, string | undefined>): Variables {
  const taken = { ...variables };
  for (const name of Object.keys(taken)) if (secretNames.test(name)) delete variables[name];
  return taken;
}
