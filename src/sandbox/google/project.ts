// What exists at this make-believe Google: one Cloud project with its clients, two accounts, and the spans Google uses.
// Gmail and Drive are in the same project, so revoking one grant ends the other's too.
import { Secret } from '../../model/secret.ts';
import { type Person, people } from '../authority/people.ts';
import type { SeededApp } from '../sandbox.ts';

type ClientType = 'desktop' | 'web' | 'tv';

export interface GoogleClient {
  readonly type: ClientType;
  readonly id: string;
  readonly secret: string;
  readonly redirectUris: readonly string[];
}

export interface GoogleAccount extends Person {
  /** Stable and never an e-mail address: https://developers.google.com/identity/openid-connect/openid-connect */
  readonly sub: string;
}

export const project = { number: '314159265358', name: 'oauthctl' } as const;

/** Ids and secrets have the shape of Google's and say what they are. */
const client = (type: ClientType, word: string, secretWord: string, redirectUris: readonly string[]): GoogleClient => ({
  type,
  id: `${project.number}-${word.padEnd(32, '0')}.apps.googleusercontent.com`,
  secret: `GOCSPX-Sandbox_${secretWord}_Not_A_Secret`,
  redirectUris,
});

export const clients: readonly GoogleClient[] = [
  client('desktop', 'sandboxdesktop', 'Desktop', []),
  client('web', 'sandboxweb', 'Website', [
    'https://app.example.com/callback/gmail',
    'https://app.example.com/callback/google-drive',
  ]),
  client('tv', 'sandboxtv', 'Limited', []),
];

export const accounts: readonly [GoogleAccount, GoogleAccount] = [
  { ...people[0], sub: '103141592653589793238' },
  { ...people[1], sub: '102718281828459045235' },
];

export function accountNamed(name: string | undefined): GoogleAccount | undefined {
  return accounts.find(({ sub, email }) => sub === name || email === name);
}

export function accountOf(sub: string): GoogleAccount {
  return accountNamed(sub) ?? accounts[0];
}

const seededClients = Object.fromEntries(
  clients.map(({ type, id, secret, redirectUris }) => [
    type,
    { clientId: id, clientSecret: new Secret(secret), redirectUris },
  ]),
);

const [desktop] = clients as [GoogleClient];

const seededApp: SeededApp = {
  clientId: desktop.id,
  clientSecret: new Secret(desktop.secret),
  account: { id: accounts[0].sub, name: accounts[0].email },
  clients: seededClients,
};

export const seededApps: Readonly<Record<string, SeededApp>> = { gmail: seededApp, 'google-drive': seededApp };

export const issuer = 'https://accounts.google.com';

/**
 * Access tokens say 3599 s on the wire. Testing: 7 days from consent, announced as 604799, identity scopes exempt. Six months without
 * use end a grant, and the 101st live refresh token of one account and client silently ends the oldest.
 * https://developers.google.com/identity/protocols/oauth2#expiration and https://support.google.com/cloud/answer/15549945
 * Google does not say how long a code lives; RFC 6749 §4.1.2 allows ten minutes.
 */
export const spans = {
  codeSeconds: 600,
  accessSeconds: 3599,
  testingSeconds: 604_800,
  testingAnnouncedSeconds: 604_799,
  idleSeconds: 182 * 86_400,
  deviceSeconds: 1800,
  deviceIntervalSeconds: 5,
  grantsPerClient: 100,
} as const;
