// Google Drive's scopes and how Google classes them.
// https://developers.google.com/workspace/drive/api/guides/api-specific-auth (classes as quoted in 2026-09)
import type { ScopeRules } from '../../model/provider.ts';
import { googleScopeRules, identityScopes } from '../google/scopes.ts';

export const scopes: ScopeRules = {
  ...googleScopeRules,
  // The one scope that Google asks nobody to be verified for, and that the device flow takes: files that this app made or
  // that were opened with it. Whoever needs the whole Drive asks for it by name: --scope +…/auth/drive.readonly.
  default: ['openid', 'email', 'https://www.googleapis.com/auth/drive.file'],
  known: {
    ...identityScopes,
    'https://www.googleapis.com/auth/drive': { says: 'every file, to read and to change', class: 'restricted' },
    'https://www.googleapis.com/auth/drive.activity': { says: 'activity records', class: 'restricted' },
    'https://www.googleapis.com/auth/drive.activity.readonly': {
      says: 'activity records, to read',
      class: 'restricted',
    },
    // Unverified: no public page was found that classes drive.appdata, drive.apps.readonly and drive.install.
    'https://www.googleapis.com/auth/drive.appdata': { says: "the app's own hidden folder", class: 'plain' },
    'https://www.googleapis.com/auth/drive.apps.readonly': { says: 'the list of installed apps', class: 'sensitive' },
    'https://www.googleapis.com/auth/drive.install': { says: "a place in Drive's 'Open with'", class: 'plain' },
    'https://www.googleapis.com/auth/drive.file': {
      says: 'files that this app made or that were opened with it',
      class: 'plain',
    },
    'https://www.googleapis.com/auth/drive.meet.readonly': { says: 'files that Meet made', class: 'restricted' },
    'https://www.googleapis.com/auth/drive.metadata': { says: 'names and properties of files', class: 'restricted' },
    'https://www.googleapis.com/auth/drive.metadata.readonly': {
      says: 'names and properties of files, to read',
      class: 'restricted',
    },
    'https://www.googleapis.com/auth/drive.photos.readonly': { says: 'photos, to read' },
    'https://www.googleapis.com/auth/drive.readonly': { says: 'every file, to read', class: 'restricted' },
    'https://www.googleapis.com/auth/drive.scripts': { says: 'changing Apps Script projects', class: 'restricted' },
  },
};
