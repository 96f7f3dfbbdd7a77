// Every switch there is: the transport's and each provider family's.
import { googleSwitches } from './google/switches.ts';
import type { SwitchDefinition } from './switches.ts';
import { transportSwitches } from './transport-switches.ts';

export const switchTable: readonly SwitchDefinition[] = [...transportSwitches, ...googleSwitches];

export type SwitchName = (typeof transportSwitches)[number]['name'] | (typeof googleSwitches)[number]['name'];
