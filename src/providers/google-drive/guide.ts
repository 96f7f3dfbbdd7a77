// How a person registers an app for Google Drive.
import type { GuideStep } from '../../model/provider.ts';
import { audienceStep, consentStep, projectStep } from '../google/guide.ts';

/** Before the client. */
export const steps: readonly GuideStep[] = [
  projectStep,
  { text: 'Enable the Google Drive API.', url: 'https://console.cloud.google.com/apis/library/drive.googleapis.com' },
  consentStep,
  {
    text: "Under 'Data Access', add the scopes that you will ask for. …/auth/drive.file needs no verification by Google; …/auth/drive and …/auth/drive.readonly are restricted.",
    url: 'https://console.cloud.google.com/auth/scopes',
  },
  audienceStep,
];
