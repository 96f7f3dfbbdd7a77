// Names that people type: providers, connections, apps. Lower-cased on the way in.
import { CliError } from '../errors.ts';

const providerPattern = /^[a-z][a-z0-9-]{0,31}$/;
const labelPattern = /^[a-z0-9][a-z0-9._@+-]{0,63}$/;

export interface ConnectionName {
  /** `PROVIDER` or `PROVIDER:LABEL`. */
  readonly text: string;
  readonly provider: string;
  readonly label: string | null;
}

export function parseProviderId(text: string): string {
  const id = text.toLowerCase();
  if (providerPattern.test(id)) return id;
  throw new CliError(
    'invalid_value',
    `'${text}' is not a provider name: a letter, then up to 31 letters, digits or '-'`,
    {
      hint: 'oauthctl provider list',
    },
  );
}

export function parseLabel(text: string, hint = 'choose another with --as LABEL'): string {
  const label = text.toLowerCase();
  if (labelPattern.test(label)) return label;
  throw new CliError(
    'invalid_value',
    `'${text}' is not a label: a letter or digit, then up to 63 of letters, digits and . _ @ + -`,
    { hint },
  );
}

export function connectionName(provider: string, label: string | null): ConnectionName {
  return { text: label === null ? provider : `${provider}:${label}`, provider, label };
}

/** Throws `invalid_value` when the text is neither `PROVIDER` nor `PROVIDER:LABEL`. */
export function parseConnectionName(text: string): ConnectionName {
  const colon = text.indexOf(':');
  if (colon === -1) return connectionName(parseProviderId(text), null);
  const provider = parseProviderId(text.slice(0, colon));
  return connectionName(provider, parseLabel(text.slice(colon + 1), `choose another, as in ${provider}:work`));
}

/** An app is named after its provider; a second one of the same provider carries a label: `gmail`, `gmail.work`. */
export function appRecordName(provider: string, app: string): string {
  return app === defaultAppName ? provider : `${provider}.${app}`;
}

export function parseAppRecordName(name: string): { readonly provider: string; readonly app: string } {
  const [provider = name, ...rest] = name.split('.');
  return { provider, app: rest.length === 0 ? defaultAppName : rest.join('.') };
}

export const defaultAppName = 'default';

/** The environment's spelling of a provider: `google-drive` → `GOOGLE_DRIVE`. */
export function environmentName(provider: string): string {
  return provider.replaceAll('-', '_').toUpperCase();
}

/** The candidate nearest to what was typed, when it is near enough to be a slip of the fingers. */
export function nearestName(typed: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(typed.length / 3));
  const ranked = candidates
    // Each character that one has more is an edit at least, and what was typed may be as long as a file.
    .filter((name) => Math.abs(name.length - typed.length) <= limit)
    .map((name) => ({ name, distance: editDistance(typed.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= limit ? best.name : undefined;
}

/** Optimal string alignment distance: insert, delete, replace, swap neighbours. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const edits = [(previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost];
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits.push((beforePrevious[j - 2] ?? 0) + 1);
      current.push(Math.min(...edits));
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
