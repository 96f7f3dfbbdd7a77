// --ca-file and OAUTHCTL_CA_FILE: what they add, and how each file that cannot be used is told.
import { createServer } from 'node:https';
import { rootCertificates } from 'node:tls';
import { expect, test } from 'vitest';
import { authority, good, leafKey } from '../support/certificates.ts';
import { realFetch } from '../support/real-fetch.ts';
import { ownAuthorities } from './own-authorities.ts';
import { cert as selfSigned } from './self-signed.ts';
import { start } from './start-server.ts';

const serve = () => start(createServer({ key: leafKey, cert: good }, (_, response) => response.end('{}')));
const ask = async (fetch: ReturnType<typeof realFetch>) =>
  fetch({ method: 'GET', url: `https://localhost:${await serve()}/`, headers: {}, timeoutMs: 10_000 });

test.each([
  ['the flag', (caFile: string) => ({ caFile })],
  ['the variable', (path: string) => ({ env: { OAUTHCTL_CA_FILE: path } })],
  ['the flag before the variable', (caFile: string) => ({ caFile, env: { OAUTHCTL_CA_FILE: '/nowhere' } })],
])('%s adds the certificates of a file', async (_, settings) => {
  const file = ownAuthorities(`a comment\n${selfSigned}\r\nanother\n${authority}`);
  expect((await ask(realFetch(settings(file)))).status).toBe(200);
});

const garbled = `${authority}-----BEGIN CERTIFICATE-----\nMIIBnDCCAUGgAwIBAgI\n-----END CERTIFICATE-----\n`;

test.each<[string, () => string, string]>([
  ['that is not there', () => '/nowhere/ca.pem', 'which is not there'],
  ['without a certificate', () => ownAuthorities(leafKey), 'which holds no certificate (PEM)'],
  ['that is empty', () => ownAuthorities(''), 'which holds no certificate (PEM)'],
  [
    'that is no text',
    () => ownAuthorities(Buffer.from([0x30, 0x82, 0xff, 0xfe])),
    'which cannot be used: it is not text',
  ],
  ['that is a folder', () => '/', 'which cannot be used: '],
  ['with a broken certificate', () => ownAuthorities(garbled), 'whose certificate number 2 cannot be read'],
])('a file %s is told before anything is asked', async (_, make, why) => {
  const path = make();
  const flag = { code: 'invalid_value', message: expect.stringContaining(`--ca-file names ${path}, ${why}`) };
  const variable = {
    code: 'settings_invalid',
    message: expect.stringContaining(`OAUTHCTL_CA_FILE names ${path}, ${why}`),
  };
  for (const [settings, refusal] of [
    [{ caFile: path }, flag],
    [{ env: { OAUTHCTL_CA_FILE: path } }, variable],
  ] as const) {
    await expect(realFetch(settings).check?.()).rejects.toMatchObject({ ...refusal, cause: { sent: false } });
    await expect(ask(realFetch(settings))).rejects.toMatchObject(refusal);
  }
});

test('the file stands beside the roots of Node, not in their place', async () => {
  const file = ownAuthorities(rootCertificates.slice(0, 2).join('\n'));
  await expect(ask(realFetch({ caFile: file }))).rejects.toMatchObject({ code: 'unreachable' });
});
