// The seal key as text: 32 bytes, base64. So it rests in keychains, key files and OAUTHCTL_KEY.
import type { Random } from '../model/ports.ts';
import { Secret } from '../model/secret.ts';

const keyBytes = 32;
/** What is longer, padding and all, is no key, and is not looked at. */
const longestText = 64;

export function newKeyText(random: Random): Secret {
  return new Secret(Buffer.from(random.bytes(keyBytes)).toString('base64'));
}

/** Undefined when the text is no key. White space around it and missing padding are forgiven; a cut or mistyped key is not. */
export function parseKeyText(text: string): Secret | undefined {
  const whole = text.trim();
  if (whole.length > longestText) return undefined;
  const trimmed = whole.replace(/=+$/, '');
  const bytes = Buffer.from(trimmed, 'base64');
  const spelled = bytes.toString('base64').replace(/=+$/, '');
  return bytes.length === keyBytes && spelled === trimmed ? new Secret(bytes.toString('base64')) : undefined;
}
