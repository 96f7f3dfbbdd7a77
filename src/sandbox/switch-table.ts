// Every switch there is: the transport's, those that all authorization servers have, and each provider family's own.
import { authoritySwitches } from './authority/authority-switches.ts';
import { familySwitches } from './generated-index.ts';
import type { SwitchDefinition } from './switches.ts';
import { transportSwitches } from './transport-switches.ts';

const allSwitches = [
  ...transportSwitches,
  ...authoritySwitches,
  ...familySwitches,
] as const satisfies readonly SwitchDefinition[];

export const switchTable: readonly SwitchDefinition[] = allSwitches;

export type SwitchName = (typeof allSwitches)[number]['name'];
