// One record and its key, as the tests of the record format write, open and edit it.
import { randomBytes } from 'node:crypto';
import type { Json } from '../../src/model/json.ts';
import { Secret } from '../../src/model/secret.ts';
import type { RecordContent, RecordRef, SealKey } from '../../src/model/store.ts';
import { openRecord, parseRecord } from '../../src/stores/open-record.ts';
import { nonceBytes } from '../../src/stores/seal.ts';
import { writeRecord } from '../../src/stores/write-record.ts';

export const key: SealKey = { kid: 'kid-1', bytes: new Secret(Buffer.alloc(32, 7).toString('base64')) };
export const ref: RecordRef = { kind: 'connections', name: 'gmail:work' };
export const content: RecordContent = {
  binding: { provider: 'gmail', issuer: 'https://accounts.google.com', clientId: 'client-1' },
  facts: { account: { id: '42', name: 'Zoë' }, scopes: ['mail'], expires_in: 1.5e3 },
  secrets: { refresh_token: '1//secret-token' },
};

export const written = (generation = 3) => writeRecord(ref, content, generation, key, randomBytes(nonceBytes));
export const open = (text: string, at = ref, by = key) => openRecord(parseRecord(text, at), by);
export const edited = (text: string, edit: (file: Record<string, Json>) => void) => {
  const file = JSON.parse(text);
  edit(file);
  return JSON.stringify(file);
};
