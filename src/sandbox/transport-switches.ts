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
    name: 'unreachable',
    says: 'the connection is refused, or the host has no name; a server on a port resets it instead',
    takes: { kind: 'choice', choices: ['refused', 'no-name'] },
  },
  {
    name: 'connection-reset',
    says: 'the connection is reset, after or before the request was acted on',
    takes: { kind: 'choice', choices: ['after', 'before'] },
  },
  {
    name: 'truncate',
    says: 'half of the body comes: the connection breaks, the body itself stops midway, or nothing more ever comes',
    takes: { kind: 'choice', choices: ['connection', 'body', 'stall'] },
  },
  {
    name: 'html',
    says: 'a web page with this status where JSON should be; nothing is done',
    takes: { kind: 'number', unit: 'status', whenLeftOut: '200' },
  },
  {
    name: 'empty',
    says: 'an answer with this status and nothing in it; nothing is done',
    takes: { kind: 'number', unit: 'status', whenLeftOut: '200' },
  },
  {
    name: 'wrong-json',
    says: 'JSON that is no object where one should be; nothing is done',
    takes: { kind: 'choice', choices: ['list', 'null', 'text'] },
  },
  {
    name: 'redirect',
    says: 'a redirect to this address where the answer should be; nothing is done',
    takes: { kind: 'text', example: 'URL', whenLeftOut: 'https://portal.example/' },
  },
  {
    name: 'oversize',
    says: 'so much white space follows the answer',
    takes: { kind: 'number', unit: 'kibibytes', whenLeftOut: '2048' },
  },
  {
    name: 'content-type',
    says: 'the answer is whole and right, and labelled so',
    takes: { kind: 'text', example: 'TYPE', whenLeftOut: 'text/html' },
  },
  {
    name: 'date-header',
    says: 'answers carry no Date, or one that is no date',
    takes: { kind: 'choice', choices: ['missing', 'garbled'] },
  },
  {
    name: 'clock-offset',
    says: "the sandbox's clock is so far ahead of this machine's (negative: behind): Date, expiries, id_token times",
    takes: { kind: 'number', unit: 'seconds', whenLeftOut: '3600' },
  },
] as const satisfies readonly SwitchDefinition[];
