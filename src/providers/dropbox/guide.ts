// How a person registers an app at Dropbox.
// https://developers.dropbox.com/oauth-guide, https://www.dropbox.com/developers/reference/developer-guide (read 2026-11)
import type { GuideStep } from '../../model/provider.ts';

const createStep: GuideStep = {
  text: "Press 'Create app': 'Scoped access', then 'App folder' or 'Full Dropbox', which cannot be changed later, and a name that nobody has.",
  url: 'https://www.dropbox.com/developers/apps',
};

const scopeStep: GuideStep = {
  text: "On the tab 'Permissions', tick the scopes that you will ask for, account_info.read among them, and press 'Submit'. Do it before you connect: a change does not reach tokens that are out already.",
};

const redirectStep: GuideStep = {
  text: "On the tab 'Settings', under 'OAuth 2', 'Redirect URIs', add each redirect URI that stands below, byte for byte. (--paste needs none: Dropbox then prints the code.)",
};

const othersStep: GuideStep = {
  text: "For another person than yourself: 'Enable additional users' under 'Settings', for up to 500. Two weeks after the 50th, an app that is not approved for production takes no new ones.",
};

export const guide: readonly GuideStep[] = [
  createStep,
  scopeStep,
  redirectStep,
  {
    text: "Under 'Allow public clients (Implicit Grant & PKCE)', choose 'Allow', and copy the App key. The App secret is not needed and must not be sent.",
  },
  othersStep,
];

export const confidentialGuide: readonly GuideStep[] = [
  createStep,
  scopeStep,
  redirectStep,
  { text: 'Copy the App key and the App secret.' },
  othersStep,
];
