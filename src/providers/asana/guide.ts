// How a person registers an app for Asana.
// https://developers.asana.com/docs/oauth (read 2026-11); the console as walked through on 2026-09-20:
// https://github.com/sectapunterx/heap (docs/OAUTH-SETUP.md)
import type { GuideStep } from '../../model/provider.ts';

export const guide: readonly GuideStep[] = [
  {
    text: "Press 'Create new app' in Asana's developer console, name it and accept the terms.",
    url: 'https://app.asana.com/0/my-apps',
  },
  {
    text: "On the tab 'OAuth', add each redirect URI that stands below, byte for byte. The documentation speaks of https only; the console takes http on 127.0.0.1 as long as 'native or command-line app' is off.",
  },
  {
    text: "For --paste without a redirect, switch 'native or command-line app' on instead: the redirect URI is then urn:ietf:wg:oauth:2.0:oob, Asana's page prints a code to paste, and oauthctl app set asana --redirect-uri urn:ietf:wg:oauth:2.0:oob says so.",
  },
  {
    text: "Under 'Permission scopes', tick the scopes that you will ask for, users:read among them; or choose 'Full permissions', and connect with --scope default. It is one or the other, never both.",
    url: 'https://developers.asana.com/docs/oauth-scopes',
  },
  {
    text: "Under 'Manage distribution', choose 'Any workspace', or list the workspaces that you will sign in to: new apps start with listed ones only.",
  },
  { text: "On the tab 'OAuth', copy the Client ID and the Client secret." },
];
