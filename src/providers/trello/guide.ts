// How a person registers an app for Trello: an OAuth 2.0 client, or a key of the older kind.
// Layout as of 2026-11: https://developer.atlassian.com/cloud/trello/guides/rest-api/oauth-2-getting-started/ and
// https://github.com/sectapunterx/heap (docs/OAUTH-SETUP.md)
import type { GuideStep } from '../../model/provider.ts';

const appStep: GuideStep = {
  text: "Press 'New' in Trello's apps administration (you must be a member of a Trello workspace), say that the app doesn't use Power-Up capabilities, fill in name, workspace, e-mail, support contact and author, and create it. A Power-Up reaches one workspace only; a plain app has no such bounds.",
  url: 'https://trello.com/apps/admin',
};

export const guide: readonly GuideStep[] = [
  appStep,
  {
    text: "On the tab 'OAuth 2.0', create a client. Security type 'public' has no secret, which fits a program on your own machine; 'confidential' has one, and then it must always be sent. Decide now: Atlassian says not to change it later.",
    url: 'https://developer.atlassian.com/cloud/trello/scopes-for-oauth-2-3LO-and-forge-apps/',
  },
  {
    text: 'As callback URLs, add each redirect URI that stands below. If the form takes more than one spelling, add them with 127.0.0.1 in place of localhost too.',
  },
  { text: "Tick the scopes that you will ask for: read:member:trello at least, which names the account for 'status'." },
  { text: 'Copy the Client ID, and the secret of a confidential client.' },
];

export const legacyGuide: readonly GuideStep[] = [
  appStep,
  { text: "On the tab 'Trello Auth' ('API Key' in older layouts), generate an API key." },
  {
    text: "Under 'Allowed Origins', add each origin that stands below, and the same with 127.0.0.1 in place of localhost: scheme and port included, no slash at the end. With an empty list Trello sends nobody back; --paste works without any.",
  },
  {
    text: 'Copy the API key, 32 hexadecimal digits. The secret beside it looks alike, signs OAuth 1.0a and webhooks, and is not needed.',
  },
];
