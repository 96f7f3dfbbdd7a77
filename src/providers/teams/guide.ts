// How a person registers an app for Microsoft Teams.
import type { GuideStep } from '../../model/provider.ts';
import { publicGuide, webGuide } from '../microsoft/guide.ts';

const accountsStep: GuideStep = {
  text: "Choose 'Accounts in any organizational directory', or your own only: Teams gives nothing to apps for personal accounts.",
};

const permissionsStep: GuideStep = {
  text: "Under 'API permissions', add delegated permissions of Microsoft Graph: User.Read, offline_access, and what you will ask for, such as Team.ReadBasic.All and Chat.ReadBasic. For Chat.Read most organisations, and for ChannelMessage.Read.All every one, want an administrator to press 'Grant admin consent'.",
};

export const guide = publicGuide(accountsStep, permissionsStep);

export const confidentialGuide = webGuide(accountsStep, permissionsStep);
