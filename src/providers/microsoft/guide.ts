// Registration steps that every Microsoft product shares; a product puts its account types and permissions between them.
// https://learn.microsoft.com/en-us/entra/identity-platform/quickstart-register-app,
// https://learn.microsoft.com/en-us/entra/identity-platform/scenario-desktop-app-registration (read 2026-11; menus move often)
import type { GuideStep } from '../../model/provider.ts';

const registerStep: GuideStep = {
  // Unverified: that a personal account without a directory cannot register.
  text: "Open 'App registrations' in the Microsoft Entra admin centre and press 'New registration'. A directory is needed: a work or school account has one, a bare personal account may have none.",
  url: 'https://entra.microsoft.com',
};

const clientIdStep: GuideStep = {
  text: "Press 'Register', and copy the 'Application (client) ID'. An app for one organisation needs its 'Directory (tenant) ID' too: give it with --tenant.",
};

const publicPlatformStep: GuideStep = {
  text: "Under 'Authentication', add the platform 'Mobile and desktop applications' (not 'Web', not 'Single-page application') and enter the redirect URI below as a custom one: the word localhost, no port, the path byte for byte.",
};

const deviceStep: GuideStep = {
  text: "For --device only: set 'Allow public client flows' to Yes under 'Authentication'. Many organisations block this flow.",
};

const noSecretStep: GuideStep = {
  text: 'Make no client secret: Microsoft refuses a public app that sends one.',
};

const webPlatformStep: GuideStep = {
  text: "Under 'Authentication', add the platform 'Web' and enter the redirect URI below (the word localhost, no port, the path byte for byte), or an https address of your own, which you then give with --redirect-uri.",
};

const secretStep: GuideStep = {
  text: "Under 'Certificates & secrets', make a client secret and copy its Value at once (not its Secret ID): it is shown once, and lasts 24 months at most.",
};

/** A product's own account types and permissions in their places. */
export const publicGuide = (accounts: GuideStep, permissions: GuideStep): readonly GuideStep[] => [
  registerStep,
  accounts,
  clientIdStep,
  publicPlatformStep,
  deviceStep,
  permissions,
  noSecretStep,
];

export const webGuide = (accounts: GuideStep, permissions: GuideStep): readonly GuideStep[] => [
  registerStep,
  accounts,
  clientIdStep,
  webPlatformStep,
  permissions,
  secretStep,
];
