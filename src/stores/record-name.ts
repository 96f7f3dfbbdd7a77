// A record's name as a file name: percent-encoded (RFC 3986 §2.1) so that no file system folds two names into one.

/**
 * Windows keeps these for devices, whatever extension follows (https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
 * Its spellings with `$` and superscript digits cannot occur: those characters are encoded.
 */
const reservedByWindows = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/;

/**
 * Capitals are encoded because macOS and Windows ignore case, dots at either end because Windows drops them and Unix
 * hides files behind them. Throws a URIError on a lone surrogate.
 */
export function encodeRecordName(name: string): string {
  const encoded = encodeURIComponent(name)
    .replace(/%[0-9A-F]{2}|[A-Z!~*'()]/g, (found) => (found.length === 1 ? percent(found) : found))
    .replace(/^\.|\.$/g, percent);
  return reservedByWindows.test(encoded) ? percent(encoded.charAt(0)) + encoded.slice(1) : encoded;
}

/** Undefined for a file name that `encodeRecordName` never gives. */
export function decodeRecordName(encoded: string): string | undefined {
  try {
    const name = decodeURIComponent(encoded);
    return encodeRecordName(name) === encoded ? name : undefined;
  } catch {
    return undefined;
  }
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
