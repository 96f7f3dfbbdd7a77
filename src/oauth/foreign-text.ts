// Text that other people wrote, before it is put into an error or a page.

// Control characters, line and paragraph separators (terminal escapes, forged lines), and blanks in a row.
const breaking = /[\s\p{Cc}\p{Zl}\p{Zp}]+/gu;
// Bidirectional and other invisible format characters: Unicode TR 36 §2.10.
const invisible = /\p{Cf}+/gu;
const longest = 300;

/** One harmless line of at most 300 characters. `secrets` that a careless server echoes are left out of it. */
export function plainText(text: string, secrets: readonly string[] = []): string {
  const clean = masked(text, secrets).replace(invisible, '').replace(breaking, ' ').trim();
  // Again, since invisible characters may have stood in the middle of one.
  const line = masked(clean, secrets);
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

function masked(text: string, secrets: readonly string[]): string {
  // Longest first: one secret may be the beginning of another.
  const ordered = secrets.flatMap(spellings).sort((a, b) => b.length - a.length);
  return ordered.reduce((line, secret) => line.replaceAll(secret, '[secret]'), text);
}

/** A server may echo a request as it came, forms and all. */
function spellings(secret: string): string[] {
  if (secret === '') return [];
  return [secret, encodeURIComponent(secret), new URLSearchParams([['', secret]]).toString().slice(1)];
}
