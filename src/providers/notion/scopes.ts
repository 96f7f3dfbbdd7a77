// Notion has no OAuth scopes: what a token may do are the connection's capabilities, set in the portal, and which pages it
// sees is chosen by the person in a page picker. https://developers.notion.com/guides/get-started/authorization (read 2026-11)
import type { ScopeRules } from '../../model/provider.ts';

export const scopes: ScopeRules = {
  default: [],
  known: {},
  separator: { ask: ' ', answer: ' ' },
  rename: {},
  caseless: false,
  stripPrefixes: [],
};
