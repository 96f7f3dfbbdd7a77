// Scopes of the Microsoft identity platform: each belongs to a resource, and without an address in front that is Graph.
// https://learn.microsoft.com/en-us/entra/identity-platform/scopes-oidc (read 2026-11)
import { splitScopes } from '../authority/scope-lists.ts';

const graph = 'https://graph.microsoft.com';
const resources: readonly string[] = [graph, 'https://outlook.office.com'];

const identityScopes: readonly string[] = ['openid', 'profile', 'email', 'offline_access'];

/** Flags: https://learn.microsoft.com/en-us/graph/permissions-reference (read 2026-11). */
const names: readonly string[] = `
  User.Read User.ReadBasic.All User.Read.All
  Mail.Read Mail.ReadBasic Mail.ReadWrite Mail.Send MailboxSettings.Read MailboxSettings.ReadWrite
  Calendars.Read Calendars.ReadBasic Calendars.ReadWrite Contacts.Read Contacts.ReadWrite Tasks.Read Tasks.ReadWrite
  OnlineMeetings.Read OnlineMeetings.ReadWrite Chat.Read Chat.ReadBasic Chat.ReadWrite ChatMessage.Read ChatMessage.Send
  Team.ReadBasic.All TeamMember.Read.All Channel.ReadBasic.All ChannelMessage.Read.All ChannelMessage.Send
`
  .trim()
  .split(/\s+/);

/** What `.default` stands for: the permissions in the app's registration. */
const configured: readonly string[] = ['User.Read', 'Mail.Read'];

export function isIdentity(scope: string): boolean {
  return identityScopes.includes(scope);
}

/** Consent to these takes an administrator, whoever the person is. */
export function needsAdministrator(scope: string): boolean {
  return ['ChannelMessage.Read.All', 'TeamMember.Read.All', 'User.Read.All'].includes(scope);
}

/**
 * Where Microsoft manages consent, the default of new directories, people cannot consent to these:
 * https://learn.microsoft.com/en-us/entra/identity/enterprise-apps/manage-app-consent-policies (read 2026-11)
 */
export function isManaged(scope: string): boolean {
  const mail = /^(Mail\.Read|MailboxSettings\.|Calendars\.|Contacts\.ReadWrite|Tasks\.)/;
  return mail.test(scope) || /^(Chat\.Read(Write)?$|OnlineMeetings\.)/.test(scope);
}

/** Teams and chats are for work accounts. */
export function isForWork(scope: string): boolean {
  return /^(Chat|ChatMessage|Team|TeamMember|Channel|ChannelMessage|OnlineMeetings)\./.test(scope);
}

/** undefined: an identity scope, which goes with any resource. */
function resourceOf(scope: string): string | undefined {
  if (isIdentity(scope)) return undefined;
  return scope.includes('://') ? scope.slice(0, scope.lastIndexOf('/')) : graph;
}

export function isGraph(scopes: readonly string[]): boolean {
  return audienceOf(scopes) === graph;
}

/** A token is for one resource: that of the first scope that has one. */
function audienceOf(scopes: readonly string[]): string {
  return scopes.map(resourceOf).find((resource) => resource !== undefined) ?? graph;
}

/** The scopes that a token with this list has. */
export function ofOneResource(scopes: readonly string[]): string[] {
  const audience = audienceOf(scopes);
  return scopes.filter((scope) => [undefined, audience].includes(resourceOf(scope)));
}

export function spansResources(scopes: readonly string[]): boolean {
  return ofOneResource(scopes).length < scopes.length;
}

/** How they come back: in an order of Microsoft's own, and never offline_access. */
export function scopeText(scopes: readonly string[]): string {
  const own = scopes.filter((scope) => !isIdentity(scope)).sort();
  return [...own, ...['profile', 'openid', 'email'].filter((scope) => scopes.includes(scope))].join(' ');
}

export type ReadScopes =
  | { readonly ok: true; readonly scopes: readonly string[] }
  | { readonly ok: false; readonly number: '70011' | '650053'; readonly says: string };

/** Case does not matter, nor does Graph's address in front. People type scopes: an unknown one is nobody's slip. */
export function readScopes(text: string): ReadScopes {
  const scopes = [...new Set(splitScopes(text).map(spelled))];
  const defaults = scopes.filter((scope) => scope.endsWith('/.default'));
  const named = scopes.filter((scope) => !isIdentity(scope) && !defaults.includes(scope));
  if (defaults.length > 0 && named.length > 0)
    return { ok: false, number: '70011', says: '.default cannot be combined with other scopes' };
  if (named.some((scope) => scope.includes(',')))
    return { ok: false, number: '70011', says: 'scopes are separated by spaces' };
  const unknown = named.find((scope) => !isKnown(scope));
  if (unknown !== undefined) return { ok: false, number: '650053', says: `the scope '${unknown}' does not exist` };
  return { ok: true, scopes: scopes.flatMap((scope) => (defaults.includes(scope) ? configured : [scope])) };
}

function spelled(scope: string): string {
  const short = scope.toLowerCase().startsWith(`${graph}/`) ? scope.slice(graph.length + 1) : scope;
  if (short === '.default') return `${graph}/.default`;
  const same = (name: string) => name.toLowerCase() === short.toLowerCase();
  return [...identityScopes, ...names].find(same) ?? short;
}

/** Mail, calendar and Teams names are checked one by one; of other services only the shape is. */
function isKnown(scope: string): boolean {
  if (names.includes(scope)) return true;
  if (!resources.includes(resourceOf(scope) ?? '')) return false;
  const name = scope.slice(scope.lastIndexOf('/') + 1);
  const family = name.split('.')[0];
  const isListed = !scope.includes('/') && names.some((other) => other.startsWith(`${family}.`));
  return !isListed && /^[A-Z][A-Za-z]+(\.[A-Z][A-Za-z]+)+$/.test(name);
}

const words: Readonly<Record<string, string>> = {
  openid: 'Sign you in',
  profile: 'View your basic profile',
  email: 'View your email address',
  offline_access: 'Maintain access to data you have given it access to',
  'User.Read': 'Sign you in and read your profile',
  'Mail.Read': 'Read your mail',
  'Team.ReadBasic.All': 'Read the names and descriptions of teams',
};

export function scopeWords(scope: string): string {
  return words[scope] ?? `Use ${scope}`;
}
