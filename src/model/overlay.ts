// Some ports of a System replaced, the others kept.
import type { System } from './ports.ts';

/** Not a spread: the real system makes each port when it is first asked for, and most commands need few. */
export function overlay(system: System, ports: Partial<System>): System {
  const entries = Object.entries(ports).map(([name, value]) => [name, { value, enumerable: true }] as const);
  return Object.create(system, Object.fromEntries(entries)) as System;
}
