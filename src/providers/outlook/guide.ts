// How a person registers an app for Outlook.
import type { GuideStep } from '../../model/provider.ts';
import { publicGuide, webGuide } from '../microsoft/guide.ts';

const accountsStep: GuideStep = {
  text: "Choose 'Accounts in any organizational directory and personal Microsoft accounts', so that outlook.com accounts work too. New registrations are for one organisation unless you say so.",
};

const permissionsStep: GuideStep = {
  text: "Under 'API permissions', add delegated permissions of Microsoft Graph: User.Read, offline_access, and what you will ask for, such as Mail.Read. In most organisations an administrator must then press 'Grant admin consent' for scopes that read mail; personal accounts consent by themselves.",
};

export const guide = publicGuide(accountsStep, permissionsStep);

export const confidentialGuide = webGuide(accountsStep, permissionsStep);
