// Scopes: which exist, how they are spelled back, and which call needs which.
// https://developers.google.com/workspace/gmail/api/auth/scopes
// https://developers.google.com/workspace/drive/api/guides/api-specific-auth

const prefix = 'https://www.googleapis.com/auth/';

/** Asked by a short name, spelled back by the long one; both are known. */
const longNames: ReadonlyMap<string, string> = new Map([
  ['email', `${prefix}userinfo.email`],
  ['profile', `${prefix}userinfo.profile`],
]);

export const emailScope = `${prefix}userinfo.email`;
export const profileScope = `${prefix}userinfo.profile`;
const identityScopes: readonly string[] = ['openid', emailScope, profileScope];

const gmailScopes: Readonly<Record<string, string>> = {
  'https://mail.google.com/': 'Read, write, send and delete for good all e-mail in Gmail',
  [`${prefix}gmail.modify`]: 'Read, write and send e-mail in Gmail',
  [`${prefix}gmail.readonly`]: 'Read e-mail and settings in Gmail',
  [`${prefix}gmail.compose`]: 'Write drafts and send e-mail in Gmail',
  [`${prefix}gmail.send`]: 'Send e-mail as you',
  [`${prefix}gmail.insert`]: 'Put messages into your mailbox',
  [`${prefix}gmail.labels`]: 'See and change your Gmail labels',
  [`${prefix}gmail.metadata`]: 'See labels and headers of e-mail, not the text',
  [`${prefix}gmail.settings.basic`]: 'See and change your Gmail settings and filters',
  [`${prefix}gmail.settings.sharing`]: 'Manage who else may use your mailbox',
  [`${prefix}gmail.addons.current.action.compose`]: 'Write drafts when you use the add-on',
  [`${prefix}gmail.addons.current.message.action`]: 'See a message when you use the add-on on it',
  [`${prefix}gmail.addons.current.message.metadata`]: 'See headers of a message while the add-on runs',
  [`${prefix}gmail.addons.current.message.readonly`]: 'See a message while the add-on runs',
};

const driveScopes: Readonly<Record<string, string>> = {
  [`${prefix}drive`]: 'See, change, create and delete all files in Drive',
  [`${prefix}drive.readonly`]: 'See and download all files in Drive',
  [`${prefix}drive.file`]: 'See, change, create and delete only the files that you use with this app',
  [`${prefix}drive.appdata`]: "See and change this app's own data in Drive",
  [`${prefix}drive.metadata`]: 'See and change facts about files in Drive',
  [`${prefix}drive.metadata.readonly`]: 'See facts about files in Drive',
  [`${prefix}drive.photos.readonly`]: 'See photos and videos in Drive',
  [`${prefix}drive.activity`]: 'See and add to the activity record of Drive',
  [`${prefix}drive.activity.readonly`]: 'See the activity record of Drive',
  [`${prefix}drive.apps.readonly`]: 'See your Drive apps',
  [`${prefix}drive.install`]: 'Be offered in the "open with" menu of Drive',
  [`${prefix}drive.meet.readonly`]: 'See Drive files that Meet made',
  [`${prefix}drive.scripts`]: 'Change how your Apps Script scripts behave',
};

const words: Readonly<Record<string, string>> = {
  openid: 'Know who you are at Google',
  [emailScope]: 'See your primary e-mail address',
  [profileScope]: 'See your name and picture',
  ...gmailScopes,
  ...driveScopes,
};

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users/getProfile: gmail.send and gmail.labels are not on the list. */
export const gmailProfileScopes: readonly string[] = [
  'https://mail.google.com/',
  ...['modify', 'compose', 'readonly', 'metadata'].map((name) => `${prefix}gmail.${name}`),
];

/** https://developers.google.com/workspace/drive/api/reference/rest/v3/about/get */
export const driveAboutScopes: readonly string[] = [
  `${prefix}drive`,
  ...['appdata', 'file', 'metadata', 'metadata.readonly', 'photos.readonly', 'readonly'].map(
    (name) => `${prefix}drive.${name}`,
  ),
];

/** https://developers.google.com/identity/protocols/oauth2/limited-input-device#allowedscopes */
const deviceScopes: readonly string[] = [
  ...identityScopes,
  ...['drive.appdata', 'drive.file', 'youtube', 'youtube.readonly'].map((name) => `${prefix}${name}`),
];

export function splitScopes(text: string): string[] {
  return [...new Set(text.split(' ').filter((scope) => scope !== ''))];
}

/** How Google spells scopes back: long names, each once. Asking for any identity scope brings `openid` along, and the order is not the one asked. */
export function spelledBack(asked: readonly string[]): string[] {
  const long = [...new Set(asked.map((scope) => longNames.get(scope) ?? scope))];
  const rest = long.filter((scope) => scope !== 'openid');
  return long.some(isIdentity) ? [...rest, 'openid'] : rest;
}

export function isIdentity(scope: string): boolean {
  return identityScopes.includes(scope);
}

/** Gmail and Drive names are checked one by one; of Google's other services only the shape is. Scopes are case-sensitive. */
export function isKnownScope(spelled: string): boolean {
  if (Object.hasOwn(words, spelled)) return true;
  const name = spelled.startsWith(prefix) ? spelled.slice(prefix.length) : '';
  return /^[a-z][a-z0-9._-]*$/.test(name) && !/^(gmail|drive|userinfo)\b/.test(name);
}

export function isDeviceScope(spelled: string): boolean {
  return deviceScopes.includes(spelled);
}

export function scopeWords(spelled: string): string {
  return words[spelled] ?? `Use ${spelled.slice(prefix.length)}`;
}

/** The scope list of the redirect repeats short names beside the long ones. */
export function callbackScopes(granted: readonly string[]): string {
  const short = [...longNames].filter(([, long]) => granted.includes(long)).map(([name]) => name);
  return [...short, ...granted].join(' ');
}
