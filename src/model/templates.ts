// Texts of provider data with holes in them, such as `{client_id}`.

export type Values = Readonly<Record<string, string>>;

export function filled(template: string, values: Values): string {
  return template.replaceAll(/\{(\w+)\}/g, (hole, name: string) => values[name] ?? hole);
}

/** Values become part of an address as data, whatever they hold. */
export function filledUrl(template: string, values: Values): string {
  return template.replaceAll(/\{(\w+)\}/g, (hole, name: string) => {
    const value = values[name];
    return value === undefined ? hole : encodeURIComponent(value);
  });
}

export function filledAll(templates: Values, values: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(templates).map(([name, text]) => [name, filled(text, values)]));
}
