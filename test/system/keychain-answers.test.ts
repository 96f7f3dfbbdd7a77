// The reply of the keychain's child process: taken when it is one, and never repeated when it is none.
import { expect, test } from 'vitest';
import { readReply } from '../../src/system/keychain-answers.ts';

test.each([
  ['{"ok":true,"value":"k"}\n', { ok: true, value: 'k' }],
  ['{"ok":true,"value":null}', { ok: true, value: null }],
  ['{"ok":true}', { ok: true, value: null }],
  ['{"ok":true,"value":false}', { ok: true, value: false }],
  ['{"ok":false,"message":"no result found"}', { ok: false, message: 'no result found' }],
])('%s', (text, reply) => {
  expect(readReply(text)).toEqual(reply);
});

test.each([
  '',
  'null',
  '[]',
  'the-key',
  '{"ok":true,"value":{"a":"the-key"}}',
  '{"ok":false}',
  '{"ok":1,"value":"the-key"}',
])('%j is none', (text) => {
  expect(readReply(text)).toEqual({ ok: false, message: 'the keychain process gave an answer that is none' });
});
