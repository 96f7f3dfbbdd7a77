// The flags that every command takes, before and after its name.
import type { OptionDefinition } from './command.ts';
import { protections } from './protection.ts';

/** Where a seal key may be; a colon waits for more. */
const keySourceForms: readonly string[] = ['keychain', 'env', 'passphrase', 'file:', 'command:'];

/** Of what moves or rotates the key. */
export const toSource: OptionDefinition = {
  name: 'to',
  says: 'keychain, env, passphrase, file:PATH or command:CMD',
  value: 'SOURCE',
  offers: keySourceForms,
};

export const globalOptions: readonly OptionDefinition[] = [
  { name: 'json', says: 'print one JSON object on stdout (docs/json.md)' },
  { name: 'quiet', short: 'q', says: 'print answers, warnings and errors only' },
  { name: 'verbose', short: 'v', says: 'trace every exchange with the network on stderr; never a secret' },
  { name: 'no-input', says: 'never ask: fail where an answer is needed (OAUTHCTL_NO_INPUT)' },
  { name: 'no-color', says: 'no colour (NO_COLOR, FORCE_COLOR)' },
  { name: 'sandbox', says: 'work against the built-in sandbox, in a tree of its own' },
  {
    name: 'sandbox-consent',
    says: 'who consents in the sandbox: you in the browser, or nobody has to',
    value: 'HOW',
    choices: ['browser', 'auto'],
  },
  {
    name: 'key',
    says: 'where the seal key is: keychain, file:PATH, … (OAUTHCTL_KEY_SOURCE)',
    value: 'SOURCE',
    offers: keySourceForms,
  },
  {
    name: 'require-protection',
    says: 'what must protect the seal key (OAUTHCTL_REQUIRE_PROTECTION)',
    value: 'LEVEL',
    choices: protections,
  },
  {
    name: 'store',
    says: 'where the records of a new tree rest (OAUTHCTL_STORE)',
    value: 'STORE',
    choices: ['files', 'keychain-items'],
  },
  {
    name: 'env-file',
    says: 'read OAUTHCTL_<PROVIDER>_CLIENT_… from a dotenv file',
    value: 'FILE',
    completes: 'file',
  },
  {
    name: 'write-back',
    says: 'who receives refreshed tokens in CI: FILE, FOLDER/, command:CMD, keep',
    value: 'WHERE',
    completes: 'file',
  },
  {
    name: 'ca-file',
    says: 'trust the certificates in FILE (PEM) as well (OAUTHCTL_CA_FILE)',
    value: 'FILE',
    completes: 'file',
  },
  { name: 'config-dir', says: 'folder of settings and providers', value: 'DIR', completes: 'folder' },
  { name: 'data-dir', says: 'folder of connections, apps and key.json', value: 'DIR', completes: 'folder' },
  { name: 'state-dir', says: 'folder of the audit trail', value: 'DIR', completes: 'folder' },
  { name: 'timeout', says: 'longest wait for one answer from the network', value: 'SECONDS', type: 'duration' },
];
