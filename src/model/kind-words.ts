// How a sentence names a kind of app.
import type { KindRule } from './provider.ts';

/** "a Desktop app", "an OAuth app". */
export function anApp({ name }: Pick<KindRule, 'name'>): string {
  return `${/^[aeiou]/i.test(name) ? 'an' : 'a'} ${name} app`;
}
