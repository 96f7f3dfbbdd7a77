// What exists at this make-believe Dropbox: one app as a public and as a confidential client, two accounts, and what its tokens are like.
// https://developers.dropbox.com/oauth-guide and https://github.com/dropbox/dropbox-api-spec (read 2026-11)
import { type AuthorityClient, registeredLoopbacks, seededApp } from '../authority/clients.ts';
import type { TokenRule } from '../authority/grants.ts';
import { personOf } from '../authority/people.ts';
import type { Call } from '../call.ts';

const redirectUris = registeredLoopbacks('localhost', '/callback/dropbox');

export const clients: readonly AuthorityClient[] = [
  { kind: 'public', id: 'k3ysandb0xpub1c', secret: undefined, redirectUris },
  { kind: 'confidential', id: 'k3ysandb0xconf1', secret: 'sandb0xs3cret00', redirectUris },
];

interface DropboxAccount {
  readonly accountId: string;
  /** The number of the API before this one. */
  readonly uid: string;
  readonly teamMemberId: string;
}

const accounts: Readonly<Record<string, DropboxAccount>> = {
  ada: {
    accountId: 'dbid:AASandboxAdaLovelace18151852AAAAAAAAAA',
    uid: '18151852',
    teamMemberId: 'dbmid:AASandboxAda',
  },
  grace: {
    accountId: 'dbid:AASandboxGraceHopper19061992AAAAAAAAAA',
    uid: '19061992',
    teamMemberId: 'dbmid:AASandboxGrace',
  },
};

export function accountOf(person: string): DropboxAccount {
  const account = accounts[person] ?? accounts.ada;
  if (account === undefined) throw new TypeError('nobody has a Dropbox');
  return account;
}

export const team = { id: 'dbtid:AASandboxAnalyticalEngines', name: 'Analytical Engines' } as const;

/** What a person reads on the consent page, by the scopes of the Permissions tab. */
export const scopeWords: Readonly<Record<string, string>> = {
  'account_info.read': 'See your name, e-mail address and account type',
  'account_info.write': 'Change your account photo',
  'files.metadata.read': 'See the names of your files and folders',
  'files.metadata.write': 'Change the details of your files and folders',
  'files.content.read': 'See what is in your files',
  'files.content.write': 'Change what is in your files',
  'sharing.read': 'See what you share, and with whom',
  'sharing.write': 'Change what you share, and with whom',
  'file_requests.read': 'See your file requests',
  'file_requests.write': 'Change your file requests',
  'contacts.read': 'See your contacts',
  'contacts.write': 'Change your contacts',
};

/** They have no tick in the Permissions tab and are never granted unasked. */
export const identityScopes: readonly string[] = ['openid', 'email', 'profile'];

/** What the app may ask for at this moment. */
export function tickedScopes(call: Call): readonly string[] {
  const words = call.peek('dropbox-untick')?.split(',') ?? [];
  return Object.keys(scopeWords).filter((scope) => words.every((word) => word === '' || !scope.includes(word)));
}

/** Refresh tokens have no end of their own and stay the same. 14400 s: https://dropbox.tech/developers/using-oauth-2-0-with-offline-access */
export const tokenRule: TokenRule = {
  accessPrefix: 'sl.',
  refreshPrefix: '',
  accessSeconds: 14_400,
  rotates: false,
  graceSeconds: 0,
  oldAccess: 'lives',
  reuse: 'refused',
  idleSeconds: null,
  absoluteSeconds: null,
};

/** `token_access_type=legacy`: the tokens of before 2021, which live until they are revoked. */
export const legacyRule: TokenRule = { ...tokenRule, accessSeconds: null };

/** Dropbox does not say how long a code lives; RFC 6749 §4.1.2 allows ten minutes. */
export const codeSpan = { prefix: '', seconds: 600 } as const;

export const seededApps = {
  dropbox: seededApp(clients, { id: accountOf('ada').accountId, name: personOf('ada').name }),
};
