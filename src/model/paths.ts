// Where the tree lies: config, data and state folders, per platform.
import type { Env, Files } from './ports.ts';

export interface Paths {
  readonly config: string;
  readonly data: string;
  readonly state: string;
}

export interface PathFlags {
  readonly configDir?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly stateDir?: string | undefined;
  readonly sandbox?: boolean | undefined;
}

/**
 * Flag, then OAUTHCTL_*_DIR, then XDG_*_HOME wherever set, then the platform's own folder. When a data folder is named
 * and no state folder, the state stays with it. Under `--sandbox` each is a folder `sandbox` inside, so the real tree is never met.
 */
export function resolvePaths(flags: PathFlags, env: Env, files: Pick<Files, 'join' | 'resolve'>): Paths {
  const named = (flag: string | undefined, variable: string) => {
    const path = flag ?? env.get(variable);
    return path === undefined ? undefined : files.resolve(path);
  };
  const data = named(flags.dataDir, 'OAUTHCTL_DATA_DIR');
  const under = (folder: string) => (data === undefined ? undefined : files.join(data, folder));
  const platform = platformFolders(env, files);
  const paths = {
    data: data ?? platform.data,
    config: named(flags.configDir, 'OAUTHCTL_CONFIG_DIR') ?? platform.config,
    state: named(flags.stateDir, 'OAUTHCTL_STATE_DIR') ?? under('state') ?? platform.state,
  };
  if (!flags.sandbox) return paths;
  return {
    data: files.join(paths.data, 'sandbox'),
    config: files.join(paths.config, 'sandbox'),
    state: files.join(paths.state, 'sandbox'),
  };
}

/** XDG Base Directory Specification 0.8; Apple's and Microsoft's own folders where the XDG variables are unset. */
function platformFolders(env: Env, files: Pick<Files, 'join'>): Paths {
  const home = env.homeFolder;
  const xdg = (variable: string, ...fallback: string[]) => {
    const folder = env.get(variable);
    // The specification tells to ignore relative values.
    const usable = folder !== undefined && (folder.startsWith('/') || /^[A-Za-z]:[\\/]/.test(folder));
    return usable ? files.join(folder, 'oauthctl') : files.join(...fallback);
  };
  if (env.platform === 'darwin') {
    const support = [home, 'Library', 'Application Support', 'oauthctl'] as const;
    return {
      config: xdg('XDG_CONFIG_HOME', ...support),
      data: xdg('XDG_DATA_HOME', ...support),
      state: xdg('XDG_STATE_HOME', ...support, 'state'),
    };
  }
  if (env.platform === 'win32') {
    const roaming = env.get('APPDATA') ?? files.join(home, 'AppData', 'Roaming');
    const local = env.get('LOCALAPPDATA') ?? files.join(home, 'AppData', 'Local');
    return {
      config: xdg('XDG_CONFIG_HOME', roaming, 'oauthctl'),
      data: xdg('XDG_DATA_HOME', local, 'oauthctl'),
      state: xdg('XDG_STATE_HOME', local, 'oauthctl', 'state'),
    };
  }
  return {
    config: xdg('XDG_CONFIG_HOME', home, '.config', 'oauthctl'),
    data: xdg('XDG_DATA_HOME', home, '.local', 'share', 'oauthctl'),
    state: xdg('XDG_STATE_HOME', home, '.local', 'state', 'oauthctl'),
  };
}
