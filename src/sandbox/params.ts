// Query strings and form bodies as OAuth reads them (RFC 6749 §3.1, §3.2): no parameter twice, an empty one counts as left out.

export interface Params {
  get(name: string): string | undefined;
  all(name: string): readonly string[];
  readonly names: readonly string[];
  /** Names that came more than once. */
  readonly repeated: readonly string[];
}

export function parseParams(text: string): Params {
  const parsed = new URLSearchParams(text);
  const names = [...parsed.keys()];
  return {
    get: (name) => parsed.get(name) || undefined,
    all: (name) => parsed.getAll(name),
    names: [...new Set(names)],
    repeated: [...new Set(names.filter((name, index) => names.indexOf(name) !== index))],
  };
}

/** Without its parameters, in lower case. */
export function mediaType(headers: Readonly<Record<string, string>>): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** RFC 6749 Appendix B: this and nothing else is a form. */
export function isForm(headers: Readonly<Record<string, string>>): boolean {
  return mediaType(headers) === 'application/x-www-form-urlencoded';
}
