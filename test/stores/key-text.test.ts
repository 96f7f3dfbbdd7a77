// The seal key as text.
import { describe, expect, test } from 'vitest';
import { newKeyText, parseKeyText } from '../../src/stores/key-text.ts';

const text = Buffer.from('an example seal key of 32 bytes!').toString('base64');

describe('the text of a key', () => {
  test.each([text, `${text}\n`, `  ${text}\r\n`, text.replace('=', '')])('%j is one', (spelled) => {
    expect(parseKeyText(spelled)?.reveal()).toBe(text);
  });

  test.each([
    ['base64url', Buffer.alloc(32, 0xff).toString('base64url')],
    ['two lines', `${text}\n${text}`],
    ['spare bits set', `${Buffer.alloc(32).toString('base64').slice(0, 42)}B=`],
  ])('%s is none', (_, spelled) => {
    expect(parseKeyText(spelled)).toBeUndefined();
  });

  test('of a new key is 32 random bytes', () => {
    const random = { bytes: (count: number) => new Uint8Array(count).fill(0xab) };
    const key = newKeyText(random);
    expect(key.reveal()).toBe(Buffer.alloc(32, 0xab).toString('base64'));
    expect(parseKeyText(key.reveal())?.reveal()).toBe(key.reveal());
  });
});
