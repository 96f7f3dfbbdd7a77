// Foreign text made harmless: nothing that a provider, a file or a person typed may steer the terminal or reorder a line.

/** White space that would break a line or a column. */
const breaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu;
/** Control characters, bidirectional marks (https://trojansource.codes), halves of a surrogate pair. */
const steering = /[\p{Cc}\p{Bidi_C}\p{Cs}]/gu;

/** One line. */
export function harmless(text: string): string {
  return text.replace(breaks, ' ').replace(steering, '');
}

/** Several lines, each harmless. */
export function harmlessLines(text: string): string {
  return text.split('\n').map(harmless).join('\n');
}

/** JSON text in which the same characters are spelled as escapes: the value stays what it is. */
export function harmlessJson(json: string): string {
  return json.replace(/[\p{Cc}\p{Bidi_C}\p{Cs}\u2028\u2029]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
