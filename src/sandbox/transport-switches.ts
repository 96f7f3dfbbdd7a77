// Faults that any server can have. They strike programs only: a person's consent page comes through.
import type { SwitchDefinition } from './switches.ts';

export const transportSwitches = [
  {
    name: 'latency',
    says: 'every answer comes so much later; the request is acted on all the same',
    takes: { kind: 'number', unit: 'milliseconds', whenLeftOut: '1000' },
  },
  {
    name: 'jitter',
    says: 'every answer comes later by a random time up to this, on top of latency',
    takes: { kind: 'number', unit: 'milliseconds', whenLeftOut: '500' },
  },
  {
    name: 'http-429',
    says: 'too many requests; Retry-After names so many seconds',
    takes: { kind: 'number', unit: 'seconds', whenLeftOut: '30' },
  },
  {
    name: 'retry-after',
    says: 'how Retry-After is written at 429 and 503',
    takes: { kind: 'choice', choices: ['seconds', 'date', 'missing'] },
  },
  {
    name: 'http-5xx',
    says: 'the server fails with this status and does nothing',
    takes: { kind: 'number', unit: 'status', whenLeftOut: '503' },
  },
  {
    name: 'connection-reset',
    says: 'the connection is reset, after or before the request was acted on',
    takes: { kind: 'choice', choices: ['after', 'before'] },
  },
  {
    name: 'truncate',
    says: 'half of the body comes: the connection breaks, or the body itself stops midway',
    takes: { kind: 'choice', choices: ['connection', 'body'] },
  },
  {
    name: 'html',
    says: 'a web page with this status where JSON should be; nothing is done',
    takes: { kind: 'number', unit: 'status', whenLeftOut: '200' },
  },
  {
    name: 'clock-offset',
    says: "the sandbox's clock is so far ahead of this machine's (negative: behind): Date, expiries, id_token times",
    takes: { kind: 'number', unit: 'seconds', whenLeftOut: '3600' },
  },
] as const satisfies readonly SwitchDefinition[];
