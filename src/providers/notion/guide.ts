// How a person registers a public connection at Notion.
// https://developers.notion.com/guides/get-started/public-connections (read 2026-11)
import type { GuideStep } from '../../model/provider.ts';

export const guide: readonly GuideStep[] = [
  {
    text: "Press 'New connection' in Notion's developer portal and name it; people see the name when they consent.",
    url: 'https://app.notion.com/developers/connections',
  },
  {
    text: "As authentication choose 'OAuth', the portal's word for a public connection. ('Access token' is for one workspace and has no sign-in.)",
  },
  {
    text: "As installation scope choose 'Any workspace', unless it is for your own workspaces only: it cannot be changed later.",
  },
  {
    text: "Under 'Redirect URIs', add each redirect URI that stands below, byte for byte. The form speaks of https, and takes http://localhost; it refuses 127.0.0.1.",
  },
  {
    text: "Under 'Capabilities', take away what you do not need: a new connection has all of them, and there are no scopes to ask for less with.",
  },
  {
    text: "Under 'Configuration', copy the OAuth client ID and client secret. If a switch 'Token rotation' is shown there, turn it on: without it no refresh token may come.",
  },
];
