// `oauthctl doctor`: is this machine fit, and is what is stored whole.
import { examine } from '../connections/doctor/examine.ts';
import type { Context } from '../context.ts';
import type { CommandDefinition, CommandInput, CommandResult, Tone } from '../model/command.ts';
import { flagOf } from '../model/command-input.ts';
import { list, object, oneOf, orNull, text } from '../model/json-schema.ts';
import { outcomeCell } from '../ui/cells.ts';

export const definition: CommandDefinition = {
  path: ['doctor'],
  summary: 'is this machine fit, and is what is stored whole',
  says: 'Asks no network: oauthctl status asks the providers. Exit 8: something is wrong.',
  arguments: [],
  options: [{ name: 'repair', says: 'mend what can be mended without losing anything' }],
  examples: ['oauthctl doctor', 'oauthctl doctor --repair'],
};

const tones: Readonly<Record<string, Tone>> = { ok: 'good', repaired: 'good', warn: 'warn', failed: 'bad' };

export const answer = object({
  findings: list(object({ check: text, state: oneOf(...Object.keys(tones)), says: text, hint: orNull(text) })),
});

export async function run(context: Context, input: CommandInput): Promise<CommandResult> {
  const findings = await examine(await context.workspace(), flagOf(input, 'repair'));
  return {
    data: { findings: findings.map(({ check, state, says, hint = null }) => ({ check, state, says, hint })) },
    view: {
      kind: 'table',
      columns: ['check', 'state', 'what was found'],
      rows: findings.map(({ check, state, says }) => [
        { text: check, whole: true },
        outcomeCell(state, tones[state] ?? 'plain'),
        { text: says, whole: true },
      ]),
      whenEmpty: '',
      after: findings.flatMap(({ check, hint }) => (hint === undefined ? [] : [`${check}: try: ${hint}`])),
    },
    exit: findings.some(({ state }) => state === 'failed') ? 8 : 0,
  };
}
