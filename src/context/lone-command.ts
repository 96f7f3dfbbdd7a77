// A call that is a command's name and nothing else (`oauthctl list`) needs no parser, which is a fifth of such a start.
import { type CommandEntry, plainFlags } from '../context.ts';
import type { Env } from '../model/ports.ts';
import type { Request } from '../program.ts';

/** Undefined when there is something to parse. A test holds it against what the parser says. */
export function loneCommand(args: readonly string[], entries: readonly CommandEntry[], env: Env): Request | undefined {
  const [word, ...more] = args;
  if (word === undefined || more.length > 0) return undefined;
  const entry = entries.find(({ definition: { path, aliases = [] } }) => {
    return path.length === 1 && (path[0] === word || aliases.includes(word));
  });
  if (entry?.load === undefined || entry.definition.arguments.some(({ required }) => required)) return undefined;
  return { kind: 'run', entry, input: { arguments: {}, options: {} }, flags: plainFlags(env) };
}
