// How a person registers an OAuth App or a GitHub App.
// https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/creating-an-oauth-app,
// https://docs.github.com/en/apps/creating-github-apps/registering-a-github-app/registering-a-github-app (read 2026-11)
import type { GuideStep } from '../../model/provider.ts';

const deviceStep: GuideStep = {
  text: "Tick 'Enable Device Flow' only if you want --device: it is the flow that helps phishing.",
};

const secretStep: GuideStep = {
  text: "Press 'Generate a new client secret' and copy it at once: it is not shown again. GitHub wants it at every sign-in by browser and for revoking; the device flow alone needs none.",
};

export const guide: readonly GuideStep[] = [
  {
    text: "Register a new OAuth App: a name, and any public address as its homepage. (For an organisation: its Settings, 'Developer settings', 'OAuth Apps'.)",
    url: 'https://github.com/settings/applications/new',
  },
  {
    // Since 2026-08-03 up to ten callback URLs and exact matching; an app with one URL from before has the wildcard on.
    // https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps (read 2026-11)
    text: "Enter the redirect URI below as an 'Authorization callback URL', without a port: GitHub takes any on 127.0.0.1. Leave its wildcard off; an app from before August 2026 has it on.",
  },
  { text: "Leave 'Expire user access tokens' ticked: a token then ends after eight hours and is renewed." },
  deviceStep,
  { text: 'Register the application, and copy its Client ID.' },
  secretStep,
  {
    text: "An organisation that restricts OAuth Apps must approve yours before its data is seen: its Settings, 'Third-party Access', 'OAuth app policy'.",
  },
];

export const githubAppGuide: readonly GuideStep[] = [
  {
    text: 'Register a new GitHub App: a unique name of at most 34 characters, and any public address as its homepage.',
    url: 'https://github.com/settings/apps/new',
  },
  {
    text: "Enter each of the redirect URIs below as a 'Callback URL', with its port: for GitHub Apps no exception for ports is documented.",
  },
  { text: "Leave 'Expire user authorization tokens' ticked, and switch the webhook off if nothing listens to it." },
  deviceStep,
  {
    text: "Choose the permissions that the app will have; there are no scopes to ask for later. Account permission 'Email addresses: read' shows the person's addresses.",
  },
  { text: "Create the app, and copy its Client ID: it begins with 'Iv'. The App ID is another number." },
  secretStep,
  { text: "Install the app ('Install App') on every account and organisation whose data it should see." },
];
