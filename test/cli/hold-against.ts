// Just enough JSON Schema to hold an answer against what docs/json.md publishes.
import type { Json, JsonObject } from '../../src/model/json.ts';
import { isJsonObject } from '../../src/model/json.ts';
import { sharedShapes } from '../../src/model/json-schema.ts';

/** What does not fit, each with its JSON pointer. Members that the schema does not name are reported too: they are undocumented. */
export function misfits(value: Json, schema: JsonObject, at = ''): readonly string[] {
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.replace('#/$defs/', '') as keyof typeof sharedShapes;
    return misfits(value, sharedShapes[name], at);
  }
  if (Array.isArray(schema.anyOf)) {
    const each = (schema.anyOf as JsonObject[]).map((one) => misfits(value, one, at));
    return each.some((found) => found.length === 0) ? [] : (each[0] ?? []);
  }
  if (Array.isArray(schema.enum)) return schema.enum.includes(value) ? [] : [`${at}: ${JSON.stringify(value)}`];
  switch (schema.type) {
    case 'object':
      return isJsonObject(value) ? objectMisfits(value, schema, at) : [`${at}: not an object`];
    case 'array':
      if (!Array.isArray(value)) return [`${at}: not an array`];
      return value.flatMap((item, index) => misfits(item as Json, schema.items as JsonObject, `${at}/${index}`));
    case 'string': {
      const fits = schema.format === 'date-time' ? /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/ : /^/;
      return typeof value === 'string' && fits.test(value) ? [] : [`${at}: ${JSON.stringify(value)}`];
    }
    case 'null':
      return value === null ? [] : [`${at}: not null`];
    case 'boolean':
    case 'number':
      return typeof value === schema.type ? [] : [`${at}: ${JSON.stringify(value)}`];
    case 'integer':
      return Number.isInteger(value) ? [] : [`${at}: ${JSON.stringify(value)}`];
    default:
      return [];
  }
}

function objectMisfits(value: JsonObject, schema: JsonObject, at: string): readonly string[] {
  const members = schema.properties as Readonly<Record<string, JsonObject>>;
  const missing = Object.keys(members).filter((name) => !Object.hasOwn(value, name));
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(members, name));
  return [
    ...missing.map((name) => `${at}/${name}: missing`),
    ...unknown.map((name) => `${at}/${name}: not in the schema`),
    ...Object.entries(members).flatMap(([name, member]) =>
      Object.hasOwn(value, name) ? misfits(value[name] as Json, member, `${at}/${name}`) : [],
    ),
  ];
}
