// stderr while a command works: who hears what, and a line of progress that leaves nothing behind.
import { expect, test } from 'vitest';
import { createSpeaker } from '../../src/ui/speaker.ts';
import { createWorld } from '../support/world.ts';

function speakerIn({ terminal = true, json = false, quiet = false, verbose = false, TERM = 'xterm' }) {
  const world = createWorld({ terminal, columns: 20, env: { TERM } });
  const speaker = createSpeaker(world.system.streams, world.system.env, { json, quiet, verbose });
  return { world, speaker };
}

function all({ speaker, world }: ReturnType<typeof speakerIn>): string {
  speaker.say('said');
  speaker.tell('told');
  speaker.warn('warned');
  speaker.trace('traced');
  return world.stderr();
}

test('who hears what', () => {
  expect(all(speakerIn({}))).toBe('said\ntold\nwarning: warned\n');
  expect(all(speakerIn({ quiet: true }))).toBe('told\nwarning: warned\n');
  expect(all(speakerIn({ json: true }))).toBe('told\n');
  expect(all(speakerIn({ verbose: true }))).toBe('said\ntold\nwarning: warned\ntraced\n');
});

test('warnings are kept for the envelope', () => {
  const { speaker } = speakerIn({ json: true });
  speaker.warn('one');
  expect(speaker.warnings).toEqual(['one']);
});

test('foreign text is harmless', () => {
  const { speaker, world } = speakerIn({});
  speaker.tell('a\u001B[2Jb\r');
  expect(world.stderr()).toBe('a[2Jb \n');
});

test('progress is one line, cut to the terminal, and gone before anything else is printed', () => {
  const { speaker, world } = speakerIn({});
  speaker.progress('1 of 2: a name that is far too long for this terminal');
  speaker.progress('2 of 2');
  speaker.say('said');
  speaker.progress(undefined);
  expect(world.stderr()).toBe('1 of 2: a name that\r\u001B[K2 of 2\r\u001B[Ksaid\n');
});

test.each([{ terminal: false }, { json: true }, { quiet: true }, { TERM: 'dumb' }])('no progress: %o', (options) => {
  const { speaker, world } = speakerIn(options);
  speaker.progress('1 of 2');
  speaker.progress(undefined);
  expect(world.stderr()).toBe('');
});
