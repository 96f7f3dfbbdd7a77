// Registration steps that every Google product shares; a product puts its own API and scopes between them.
// Layout of the console as of 2026-11: https://github.com/mizorewww/gdirect/blob/main/docs/configuration/google-cloud.md
import type { GuideStep } from '../../model/provider.ts';

export const projectStep: GuideStep = {
  text: 'Create a project in the Google Cloud console, or pick one.',
  url: 'https://console.cloud.google.com/projectcreate',
};

export const consentStep: GuideStep = {
  text: "Press 'Get started' in the Google Auth Platform: app name, support e-mail, and the audience 'External' ('Internal' only for accounts of your own Workspace organisation).",
  url: 'https://console.cloud.google.com/auth/overview',
};

export const audienceStep: GuideStep = {
  text: "Under 'Audience', press 'Publish app': while the app is in Testing, every grant ends after 7 days. (To try it first, add your own account as a test user instead.)",
  url: 'https://console.cloud.google.com/auth/audience',
};

const clients = 'https://console.cloud.google.com/auth/clients';

/** By kind of app. */
const clientSteps = {
  desktop: {
    text: "Under 'Clients', create a client of type 'Desktop app'; there is no redirect URI to enter. ('Web application' is for your own https redirect URI, 'TVs and Limited Input devices' for --device.)",
    url: clients,
  },
  web: {
    text: "Under 'Clients', create a client of type 'Web application', and enter your own https address under 'Authorized redirect URIs'.",
    url: clients,
  },
  tv: {
    text: "Under 'Clients', create a client of type 'TVs and Limited Input devices'.",
    url: clients,
  },
} as const satisfies Readonly<Record<string, GuideStep>>;

/** The steps of a product before the client, and the client's. */
export function guideFor(before: readonly GuideStep[], kind: keyof typeof clientSteps): readonly GuideStep[] {
  return [...before, clientSteps[kind], secretStep];
}

const secretStep: GuideStep = {
  text: 'Copy the client id and the client secret at once, or download the JSON: the secret is not shown again.',
};
