// Instants are milliseconds since 1970 inside (`…At`), RFC 3339 UTC in files and JSON; spans are seconds (`…Seconds`).

/** RFC 3339 in UTC to the second, or null. */
export function toRfc3339(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** Reads what `toRfc3339` writes; undefined when the text is no instant. */
export function fromRfc3339(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** A span for people: "3 days", "1 hour", "45 seconds"; the largest unit that fits, rounded down. */
export function describeSeconds(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [unit, size] = units.find(([, size]) => whole >= size) ?? ['second', 1];
  const count = Math.floor(whole / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** An instant seen from another, for people: "in 59 minutes", "3 days ago", "just now". */
export function describeInstant(at: number, nowAt: number): string {
  if (Math.abs(at - nowAt) < 1000) return 'just now';
  const span = describeSeconds(Math.abs(at - nowAt) / 1000);
  return at >= nowAt ? `in ${span}` : `${span} ago`;
}

/** Reads "90", "90s", "15m", "12h", "7d" as seconds; undefined otherwise. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9})([smhd]?)$/.exec(text);
  if (!match) return undefined;
  const size = { '': 1, s: 1, m: 60, h: 3_600, d: 86_400 }[match[2] as '' | 's' | 'm' | 'h' | 'd'];
  return Number(match[1]) * size;
}
