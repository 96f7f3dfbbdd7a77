#!/usr/bin/env node
// A browser for BROWSER=… behind the proxy of HTTPS_PROXY: opens the address it is given, follows redirects, and ends.
import { get as getPlain, request } from 'node:http';
import { get as getSecurely } from 'node:https';
import { connect } from 'node:tls';

const proxy = new URL(process.env.HTTPS_PROXY);
const credentials = Buffer.from(`${proxy.username}:${decodeURIComponent(proxy.password)}`).toString('base64');

function tunnelTo(host) {
  const headers = { 'proxy-authorization': `Basic ${credentials}` };
  const asking = request({ host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: `${host}:443`, headers });
  return new Promise((resolve, reject) => {
    asking.on('connect', (_, socket) => resolve(socket));
    asking.on('error', reject);
    asking.end();
  });
}

async function visit(url) {
  const { protocol, hostname } = new URL(url);
  const tunnel = protocol === 'https:' ? await tunnelTo(hostname) : undefined;
  const options = tunnel && { createConnection: () => connect({ socket: tunnel, servername: hostname }) };
  return new Promise((resolve, reject) => {
    const asking = (tunnel ? getSecurely : getPlain)(url, { ...options }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.headers.location));
    });
    asking.on('error', reject);
  });
}

let url = process.argv[2];
for (let hops = 0; url && hops < 10; hops++) {
  const location = await visit(url);
  url = location && new URL(location, url).href;
}
