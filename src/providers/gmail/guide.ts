// How a person registers an app for Gmail.
import type { GuideStep } from '../../model/provider.ts';
import { audienceStep, consentStep, projectStep } from '../google/guide.ts';

/** Before the client. */
export const steps: readonly GuideStep[] = [
  projectStep,
  { text: 'Enable the Gmail API.', url: 'https://console.cloud.google.com/apis/library/gmail.googleapis.com' },
  consentStep,
  {
    text: "Under 'Data Access', add the scopes that you will ask for, such as …/auth/gmail.readonly. Scopes that read mail are restricted: for yourself and up to 100 people the app works unverified, behind a warning page.",
    url: 'https://console.cloud.google.com/auth/scopes',
  },
  audienceStep,
];
