// Shapes of client ids and secrets, and other things that people paste in their place.
import type { Lookalike, ValueForm, ValueShape } from '../model/provider.ts';

const forms: Readonly<Record<ValueForm, { readonly fits: RegExp; readonly says: string }>> = {
  digits: { fits: /^\d+$/, says: 'a number' },
  uuid: { fits: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i, says: 'a UUID' },
  hex32: { fits: /^[\da-f]{32}$/i, says: '32 hexadecimal digits' },
  hex40: { fits: /^[\da-f]{40}$/i, says: '40 hexadecimal digits' },
  hex64: { fits: /^[\da-f]{64}$/i, says: '64 hexadecimal digits' },
  alphanumeric: { fits: /^[\da-z]+$/i, says: 'letters and digits' },
};

/** What is wrong with the shape, in words that follow the value; undefined when nothing is. */
export function shapeProblem(shape: ValueShape, value: string): string | undefined {
  const { endsWith, startsWith, form, example } = shape;
  if (endsWith !== undefined && !value.endsWith(endsWith)) return `does not end with '${endsWith}', as in ${example}`;
  if (startsWith !== undefined && !startsWith.some((start) => value.startsWith(start))) {
    return `does not begin with ${startsWith.map((start) => `'${start}'`).join(' or ')}, as in ${example}`;
  }
  if (form !== undefined && !forms[form].fits.test(value)) return `is not ${forms[form].says}, as in ${example}`;
  return undefined;
}

export function looksLike({ form, startsWith }: Lookalike, value: string): boolean {
  const begins = startsWith === undefined || value.startsWith(startsWith);
  return begins && (form === undefined || forms[form].fits.test(value));
}
