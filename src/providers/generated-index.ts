// Generated from the folders of src/providers by scripts/generate.ts. Do not edit.
import type { Provider } from '../model/provider.ts';

export const shippedProviders: Readonly<Record<string, () => Promise<{ provider: Provider }>>> = {
  gmail: () => import('./gmail/dialect.ts'),
  'google-drive': () => import('./google-drive/dialect.ts'),
};
