// How a person registers an app: the provider's steps, the exact redirect URI to paste, and the commands that follow.
import type { GuideStep, KindRule, Provider } from '../model/provider.ts';
import { kindOf } from './app-values.ts';

export interface RegistrationGuide {
  readonly kind: KindRule;
  readonly steps: readonly GuideStep[];
  /** To paste into the provider's console, byte for byte; empty when nothing is to be registered. */
  readonly redirectUris: readonly string[];
  readonly redirectSays: string;
  /** Commands to run afterwards. */
  readonly next: readonly string[];
}

export interface GuideChoice {
  readonly kind?: string | undefined;
  /** The app's own redirect URI, where it has one. */
  readonly redirectUri?: string | null | undefined;
}

/** Throws `invalid_value` when the provider has no such kind of app. */
export function registrationGuide(provider: Provider, choice: GuideChoice = {}): RegistrationGuide {
  const kind = kindOf(provider, choice.kind);
  const isDefault = kind === provider.kinds[0];
  const set = `oauthctl app set ${provider.id}${isDefault ? '' : ` --kind ${kind.id}`}`;
  return {
    kind,
    steps: provider.guide.length > 0 ? provider.guide : plainSteps(provider),
    ...redirectAdvice(provider, kind, choice.redirectUri ?? undefined),
    next: [set, `oauthctl connect ${provider.id}`],
  };
}

type RedirectAdvice = Pick<RegistrationGuide, 'redirectUris' | 'redirectSays'>;

function redirectAdvice(provider: Provider, kind: KindRule, own: string | undefined): RedirectAdvice {
  const { hosts, ports, path, register } = provider.redirect;
  if (own !== undefined) return { redirectUris: [own], redirectSays: 'Register this redirect URI, byte for byte.' };
  if (!kind.flows.includes('loopback')) {
    return kind.ownRedirect
      ? { redirectUris: [], redirectSays: 'Register an https address of your own, and give it with --redirect-uri.' }
      : { redirectUris: [], redirectSays: 'There is no redirect URI: the person types a code.' };
  }
  const host = hosts[0] ?? '127.0.0.1';
  if (register === 'none') {
    const says = `There is no redirect URI to register: http://${host}:PORT${path} is sent, with a free port each time.`;
    return { redirectUris: [], redirectSays: says };
  }
  const address = (port: string) => (register === 'origin' ? `http://${host}${port}` : `http://${host}${port}${path}`);
  if (ports === 'any') {
    const fixed = address(':8252');
    return {
      redirectUris: [address('')],
      // RFC 8252 §7.3 tells servers to ignore the port of a loopback address; not all do.
      redirectSays: `Register this redirect URI; the port is chosen at each sign-in. If the server compares ports, register ${fixed} and connect with --port 8252.`,
    };
  }
  const redirectUris = ports.map((port) => address(`:${port}`));
  return { redirectUris, redirectSays: 'Register each of these redirect URIs: the first free port is used.' };
}

/** For a server that nobody described. */
function plainSteps(provider: Provider): readonly GuideStep[] {
  const where = provider.docsUrl === null ? {} : { url: provider.docsUrl };
  return [
    {
      text: `Register a native (public) client at ${provider.name}, or a confidential one if it wants a secret.`,
      ...where,
    },
    { text: 'Allow the authorization code grant with PKCE, and refresh tokens.' },
    { text: 'Copy the client id, and the client secret if there is one.' },
  ];
}
