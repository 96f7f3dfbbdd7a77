// The form of what is known of a person's own registration: what its values look like, its console's file, and the steps.
import type { ConsoleFile, GuideStep, Lookalike, ValueShape } from './provider.ts';
import { list, may, must, object, oneOf, type Reader, refuse, text } from './shape.ts';
import { page, pointer, slug, words } from './wire-shapes.ts';

const form = oneOf('digits', 'uuid', 'hex32', 'hex40', 'hex64', 'alphanumeric');
const part = text({ most: 100, fits: /^[\x21-\x7e]+$/, wants: 'printable ASCII without spaces' });

const shape = object<ValueShape>({
  form: may(form),
  startsWith: may(list(part, 1)),
  endsWith: may(part),
  example: must(text({ most: 200 })),
});

export const valueShape: Reader<ValueShape> = (value, at) => {
  const read = shape(value, at);
  if (read.form === undefined && read.startsWith === undefined && read.endsWith === undefined) {
    refuse(at, "must state 'form', 'startsWith' or 'endsWith': every value would fit");
  }
  return read;
};

const lookalikeShape = object<Lookalike>({
  of: must(oneOf('client_id', 'client_secret')),
  form: may(form),
  startsWith: may(part),
  words: must(words),
});

export const lookalike: Reader<Lookalike> = (value, at) => {
  const read = lookalikeShape(value, at);
  if (read.form === undefined && read.startsWith === undefined) {
    refuse(at, "must state 'form' or 'startsWith': every value would be taken for it");
  }
  return read;
};

export const consoleFile = object<ConsoleFile>({
  clients: must(list(object({ at: must(pointer), kind: must(slug) }), 1)),
  lookalikes: must(list(object({ at: must(pointer), equals: may(text({ most: 100 })), words: must(words) }))),
});

export const guideStep = object<GuideStep>({ text: must(words), url: may(page) });
