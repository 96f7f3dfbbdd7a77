// The certified oidc-provider in-process, on real loopback sockets, and a person without a browser who signs in there.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished, vi } from 'vitest';

export interface CertifiedServer {
  readonly issuer: string;
  /** `METHOD /path` of everything that was asked. */
  readonly asked: string[];
}

export const clients = { open: 'open-client', closed: 'closed-client', posted: 'posted-client' } as const;
/** Not one character that needs no care in a header, a form and an address. */
export const clientSecret = "s%3A:+/ =&?'";

const shared = {
  application_type: 'native',
  grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
  response_types: ['code'],
  redirect_uris: ['http://127.0.0.1/callback/acme'],
} as const;

const configuration = {
  clients: [
    { ...shared, client_id: clients.open, token_endpoint_auth_method: 'none' },
    { ...shared, client_id: clients.closed, client_secret: clientSecret },
    {
      ...shared,
      client_id: clients.posted,
      client_secret: clientSecret,
      token_endpoint_auth_method: 'client_secret_post',
    },
  ],
  cookies: { keys: ['k'] },
  claims: { openid: ['sub'], email: ['email'] },
  features: {
    devInteractions: { enabled: true },
    deviceFlow: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
  },
  findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@example.com` }) }),
  issueRefreshToken: () => true,
  pkce: { required: () => true },
  rotateRefreshToken: true,
  scopes: ['openid', 'offline_access', 'email'],
  ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, RefreshToken: 86_400, Grant: 86_400, Session: 600 },
};

export async function startCertifiedServer(): Promise<CertifiedServer> {
  // It writes notices about its development settings and about Node 20, some while it is loaded.
  vi.spyOn(console, 'info').mockImplementation(() => {});
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  // @ts-expect-error: it ships no types.
  const { Provider } = await import('oidc-provider');
  const asked: string[] = [];
  const server = createServer();
  const issuer = await listen(server);
  const handle = new Provider(issuer, configuration).callback();
  server.on('request', (request, response) => {
    asked.push(`${request.method} ${request.url?.split('?')[0]}`);
    void handle(request, response);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { issuer, asked };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A browser in thirty lines: cookies, redirects, and the forms of login and consent. Returns the address that leaves the server. */
export async function signInAt(url: string, choose: 'consent' | 'cancel' = 'consent'): Promise<string> {
  const visit = createVisitor();
  const { origin } = new URL(url);
  let page = await visit(url);
  for (let steps = 0; steps < 20; steps++) {
    if (new URL(page.url).origin !== origin || page.isDone) return page.url;
    page = await answerForm(visit, page, choose);
  }
  throw new Error(`nobody gets past ${page.url}`);
}

interface VisitedPage {
  readonly url: string;
  readonly text: string;
  /** A page without a form to fill in. */
  readonly isDone: boolean;
}

type Visit = (url: string, form?: Readonly<Record<string, string>>) => Promise<VisitedPage>;

function createVisitor(): Visit {
  const cookies = new Map<string, string>();
  return async (start, form) => {
    const { origin } = new URL(start);
    let url = start;
    let body = form;
    for (;;) {
      const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
      const response = await fetch(url, {
        headers,
        redirect: 'manual',
        ...(body === undefined ? {} : { method: 'POST', body: new URLSearchParams(body) }),
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        if (value === '') cookies.delete(name);
        else cookies.set(name, value);
      }
      const location = response.headers.get('location');
      const text = await response.text();
      if (location === null) return { url, text, isDone: !text.includes('<form') };
      url = new URL(location, url).href;
      body = undefined;
      if (new URL(url).origin !== origin) return { url, text: '', isDone: true };
    }
  };
}

async function answerForm(
  visit: Visit,
  { url, text }: VisitedPage,
  choose: 'consent' | 'cancel',
): Promise<VisitedPage> {
  const action = (pattern: RegExp) => new URL(pattern.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? url, url).href;
  const target = action(/<form[^>]*action="([^"]+)"/);
  if (text.includes('name="xsrf"')) {
    const hidden = [...text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
    return visit(target, { ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])), confirm: 'yes' });
  }
  if (text.includes('name="login"')) return visit(target, { prompt: 'login', login: 'ann', password: 'x' });
  if (choose === 'consent') return visit(target, { prompt: 'consent' });
  // At a device code the server asks for another code then.
  return { ...(await visit(action(/href="([^"]+\/abort)"/))), isDone: true };
}
