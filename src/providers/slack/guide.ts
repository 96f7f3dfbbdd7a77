// How a person registers an app for Slack: with PKCE for the user token, or confidential where a bot token is wanted.
// Layout as of 2026-11: https://docs.slack.dev/authentication/using-pkce, https://docs.slack.dev/app-management/distribution
import type { GuideStep } from '../../model/provider.ts';

const createStep: GuideStep = {
  text: "Press 'Create New App', 'From scratch': a name, and a workspace of yours.",
  url: 'https://api.slack.com/apps',
};

const distributeStep: GuideStep = {
  text: "For other workspaces than the app's own: activate public distribution under 'Manage Distribution'.",
};

export const guide: readonly GuideStep[] = [
  createStep,
  {
    text: "Under 'OAuth & Permissions', switch PKCE on, before the redirect URLs: without it Slack wants https from them. The switch goes one way only, and only Slack's support can turn it back.",
  },
  {
    text: "Under 'OAuth & Permissions', 'Redirect URLs', add each redirect URI that stands below, then 'Save URLs'. If the form refuses http://localhost, paste them as oauth_config.redirect_urls into the app's manifest, beside pkce_enabled: true.",
  },
  {
    text: "Under 'User Token Scopes', add the scopes that you will ask for. Leave 'Bot Token Scopes' empty: a sign-in that comes back to this machine cannot ask for them (oauthctl provider guide slack --kind confidential).",
  },
  {
    text: "Under 'Basic Information', 'App Credentials', copy the Client ID. With PKCE there is no secret to copy.",
  },
  distributeStep,
];

export const confidentialGuide: readonly GuideStep[] = [
  createStep,
  {
    text: "Leave PKCE off: it would make the app a public client for good. If you want refreshed tokens that end after 12 hours, switch 'token rotation' on; that goes one way only too.",
  },
  {
    text: "Under 'OAuth & Permissions', 'Redirect URLs', add an https address of your own, then 'Save URLs'. Nothing has to answer there: the browser ends at it, and you paste its final address. Whoever runs that host sees the code, which is worth nothing without the client secret.",
  },
  {
    text: "Add the scopes that you will ask for: under 'Bot Token Scopes' for the bot, which oauthctl writes as bot:chat:write, and under 'User Token Scopes' for yourself.",
  },
  {
    text: "Under 'Basic Information', 'App Credentials', copy the Client ID and the Client Secret, not the Signing Secret beside it.",
  },
  distributeStep,
];
