// HTML from templates: whatever is put in is text, unless it is Html already.

export interface Html {
  readonly html: string;
}

type Insert = string | number | Html | readonly Html[] | undefined;

export function html(strings: TemplateStringsArray, ...inserts: Insert[]): Html {
  return { html: strings.map((text, index) => text + asHtml(inserts[index])).join('') };
}

function asHtml(insert: Insert): string {
  if (insert === undefined) return '';
  if (typeof insert === 'string' || typeof insert === 'number') return escapeText(String(insert));
  return 'html' in insert ? insert.html : insert.map((part) => part.html).join('\n');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters and marks that turn the direction of writing are shown as a replacement character: they could disguise what is read. */
function escapeText(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, '\ufffd')
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}
