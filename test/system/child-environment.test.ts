// What a child process may see of our environment.
import { expect, test } from 'vitest';
import { childEnvironment, takeEnvironment } from '../../src/system/child-environment.ts';

const secrets = {
  OAUTHCTL_KEY: 'canary',
  OAUTHCTL_KEY_FILE: 'canary',
  OAUTHCTL_PASSPHRASE_FILE: 'canary',
  OAUTHCTL_GMAIL_CLIENT_SECRET: 'canary',
  OAUTHCTL_GOOGLE_DRIVE_CLIENT_SECRET_FILE: 'canary',
  oauthctl_acme_client_secret: 'canary',
  Oauthctl_Key: 'canary',
};
const harmless = {
  PATH: '/bin',
  DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/bus',
  OAUTHCTL_KEY_SOURCE: 'keychain',
  OAUTHCTL_GMAIL_CLIENT_ID: '1.apps',
  OAUTHCTL_DATA_DIR: '/data',
  MY_OAUTHCTL_KEY: 'not ours',
};

test('secrets are left out, whatever the case; the rest is passed on', () => {
  expect(childEnvironment({ ...secrets, ...harmless, GONE: undefined })).toEqual(harmless);
});

test('taking the environment leaves a harmless one behind', () => {
  const variables: Record<string, string | undefined> = { ...secrets, ...harmless };
  expect(takeEnvironment(variables)).toEqual({ ...secrets, ...harmless });
  expect(variables).toEqual(harmless);
});
