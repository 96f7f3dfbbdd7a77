// Generated from the folders of src/providers by scripts/generate.ts. Do not edit.
import type { Provider } from '../model/provider.ts';

export const shippedProviders: Readonly<Record<string, () => Promise<{ provider: Provider }>>> = {
  asana: () => import('./asana/dialect.ts'),
  dropbox: () => import('./dropbox/dialect.ts'),
  github: () => import('./github/dialect.ts'),
  gmail: () => import('./gmail/dialect.ts'),
  'google-drive': () => import('./google-drive/dialect.ts'),
  notion: () => import('./notion/dialect.ts'),
  outlook: () => import('./outlook/dialect.ts'),
  slack: () => import('./slack/dialect.ts'),
  teams: () => import('./teams/dialect.ts'),
  trello: () => import('./trello/dialect.ts'),
};
