// The authorization server that the bench connects to and checks against: consents by itself, and answers a check after
// 200 ms. Prints its address. A process of its own, so that its work is not counted.
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

const answerAfterMs = 200;

const metadata = (issuer) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  introspection_endpoint: `${issuer}/introspect`,
  response_types_supported: ['code'],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['client_secret_basic'],
});
const tokens = {
  access_token: 'a'.repeat(200),
  refresh_token: 'r'.repeat(100),
  token_type: 'Bearer',
  expires_in: 86_400,
  scope: 'read',
};

const server = createServer(async (request, response) => {
  request.resume();
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const url = new URL(request.url, issuer);
  const json = (body) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  if (url.pathname === '/.well-known/oauth-authorization-server') return json(metadata(issuer));
  if (url.pathname === '/token') return json(tokens);
  if (url.pathname === '/introspect') {
    await wait(answerAfterMs);
    return json({ active: true });
  }
  if (url.pathname !== '/authorize') return response.writeHead(404).end();
  const back = new URL(url.searchParams.get('redirect_uri'));
  back.searchParams.set('code', 'c');
  back.searchParams.set('state', url.searchParams.get('state'));
  return response.writeHead(302, { location: back.href }).end();
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
