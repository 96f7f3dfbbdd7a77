// How a person registers an app: the provider's steps, the exact redirect URI to paste, and the commands that follow.
import type { GuideStep, KindRule, Provider } from '../model/provider.ts';
import { providerForApp } from '../model/provider-for-app.ts';
import { registeredPorts } from '../model/redirect-ports.ts';
import { kindOf } from './app-values.ts';
import { portsOf } from './connect-redirect.ts';

export interface RegistrationGuide {
  readonly kind: KindRule;
  readonly register: Provider['redirect']['register'];
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
  /** Nobody has checked how this server compares ports. */
  readonly isGuess?: boolean | undefined;
}

/** Throws `invalid_value` when the provider has no such kind of app. */
export function registrationGuide(whole: Provider, choice: GuideChoice = {}): RegistrationGuide {
  const kind = kindOf(whole, choice.kind);
  const provider = providerForApp(whole, kind.id, null);
  const isDefault = kind === whole.kinds[0];
  const own = kind.ownRedirect ? ` --redirect-uri ${choice.redirectUri ?? 'https://…'}` : '';
  const set = `oauthctl app set ${provider.id}${isDefault ? '' : ` --kind ${kind.id}`}${own}`;
  return {
    kind,
    register: provider.redirect.register,
    steps: provider.guide.length > 0 ? provider.guide : plainSteps(provider),
    ...redirectAdvice(provider, kind, choice),
    next: [set, `oauthctl connect ${provider.id}`],
  };
}

type RedirectAdvice = Pick<RegistrationGuide, 'redirectUris' | 'redirectSays'>;

function redirectAdvice(provider: Provider, kind: KindRule, { redirectUri, isGuess }: GuideChoice): RedirectAdvice {
  const own = redirectUri ?? undefined;
  const { hosts, path, register } = provider.redirect;
  const ports = portsOf(provider);
  if (own !== undefined) return { redirectUris: [own], redirectSays: 'Register this redirect URI, byte for byte.' };
  if (!kind.flows.includes('loopback') && !kind.flows.includes('fragment')) {
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
    const says = 'Register this redirect URI, without a port: a free one is chosen at each sign-in.';
    const [port] = registeredPorts;
    // RFC 8252 §7.3 tells servers to ignore the port of a loopback address; not all do.
    const guess = ` If the server compares ports, register ${address(`:${port}`)} and connect with --port ${port}.`;
    return { redirectUris: [address('')], redirectSays: isGuess ? `${says}${guess}` : says };
  }
  const redirectUris = ports.map((port) => address(`:${port}`));
  const what = register === 'origin' ? 'Allow each of these origins' : 'Register each of these redirect URIs';
  // Where a provider is said to take another spelling of this machine, a form that refuses the first may take that.
  const spelling =
    hosts[1] === undefined
      ? ''
      : ` If the form refuses '${host}', write ${hosts[1]} instead, and give that URI to oauthctl app set with --redirect-uri.`;
  return { redirectUris, redirectSays: `${what}: the first free port is used.${spelling}` };
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
