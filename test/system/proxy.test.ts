// Which proxy an address is asked through: every form of the variables, and what cannot be understood.
import { describe, expect, test } from 'vitest';
import { readProxies } from '../../src/system/proxy.ts';

type Variables = Readonly<Record<string, string>>;

function choose(variables: Variables, url: string) {
  return readProxies({ get: (name) => variables[name] || undefined })(new URL(url));
}

const at = 'http://p.corp:3128';
const host = 'https://login.acme.test/token';

test.each<[string, Variables, string | undefined]>([
  ['none', {}, undefined],
  ['HTTPS_PROXY', { HTTPS_PROXY: at }, 'the proxy p.corp:3128 (HTTPS_PROXY)'],
  ['lower case first', { HTTPS_PROXY: 'http://other', https_proxy: at }, 'the proxy p.corp:3128 (https_proxy)'],
  ['ALL_PROXY', { ALL_PROXY: at }, 'the proxy p.corp:3128 (ALL_PROXY)'],
  [
    'its own variable before ALL_PROXY',
    { all_proxy: 'http://other', HTTPS_PROXY: at },
    'the proxy p.corp:3128 (HTTPS_PROXY)',
  ],
  ['HTTP_PROXY, which is for plain http', { HTTP_PROXY: at, http_proxy: at }, undefined],
  ['an empty one', { https_proxy: '', HTTPS_PROXY: ' ', ALL_PROXY: '' }, undefined],
  ['no scheme', { HTTPS_PROXY: 'p.corp:3128' }, 'the proxy p.corp:3128 (HTTPS_PROXY)'],
  ['no port', { HTTPS_PROXY: 'http://p.corp' }, 'the proxy p.corp:80 (HTTPS_PROXY)'],
  ['TLS to the proxy', { HTTPS_PROXY: 'https://p.corp/' }, 'the proxy p.corp:443 (HTTPS_PROXY)'],
  ['an IPv6 address', { HTTPS_PROXY: 'http://[fd00::1]:3128' }, 'the proxy [fd00::1]:3128 (HTTPS_PROXY)'],
  [
    'credentials, which are not shown',
    { HTTPS_PROXY: 'http://ann:pass@p.corp:3128' },
    'the proxy p.corp:3128 (HTTPS_PROXY)',
  ],
])('%s', (_, variables, name) => {
  expect(choose(variables, host)?.name).toBe(name);
});

test('credentials are decoded, and kept as a secret', () => {
  const proxy = choose({ HTTPS_PROXY: 'http://a%40b:p%3A%C3%BC%2F@p.corp' }, host);
  const credentials = Buffer.from('a@b:p:ü/').toString('base64');
  expect(proxy?.authorization?.reveal()).toBe(`Basic ${credentials}`);
  expect(JSON.stringify(proxy)).not.toContain(credentials);
});

test.each([
  ['socks5://ann:s3cret@p.corp:1080', "names a proxy of kind 'socks5'"],
  ['http://', 'is not the address of a proxy'],
  ['http://ann:s3cret@p.corp:99999', 'is not the address of a proxy'],
  ['http://ann:s3cret@', 'is not the address of a proxy'],
  ['http://ann:s3cret%ZZ@p.corp', 'has credentials that are not percent-encoded'],
  ['http://ann:s3cret@p.corp/proxy.pac', 'has more after host and port'],
  ['ann:s3cret@p.corp:3128?x', 'has more after host and port'],
])('%s is refused and not shown', (value, why) => {
  const read = () => choose({ HTTPS_PROXY: value }, host);
  expect(read).toThrow(`HTTPS_PROXY ${why}`);
  expect(read).toThrow(expect.objectContaining({ code: 'settings_invalid', cause: { sent: false } }));
  expect(read).not.toThrow('s3cret');
});

test.each([
  'https://localhost:8443/',
  'https://app.localhost/',
  'https://127.0.0.1/',
  'https://127.9.8.7/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'http://127.0.0.1:9/',
])('%s is loopback, and asked straight', (url) => {
  expect(choose({ HTTPS_PROXY: at, ALL_PROXY: at, HTTP_PROXY: at }, url)).toBeUndefined();
});

describe('NO_PROXY', () => {
  const through = (without: string, url: string) => choose({ HTTPS_PROXY: at, NO_PROXY: without }, url) !== undefined;

  test.each([
    ['*', host],
    ['login.acme.test', host],
    ['LOGIN.Acme.Test', host],
    ['acme.test', host],
    ['.acme.test', host],
    ['*.acme.test', host],
    ['.acme.test', 'https://acme.test/'],
    ['acme.test.', host],
    ['acme.test', 'https://login.acme.test./'],
    ['other.test, acme.test', host],
    ['other.test acme.test', host],
    ['login.acme.test:443', host],
    ['login.acme.test:8443', 'https://login.acme.test:8443/'],
    ['192.0.2.7', 'https://192.0.2.7/'],
    ['192.0.2.7:443', 'https://192.0.2.7/'],
    ['192.0.2.0/24', 'https://192.0.2.7/'],
    ['2001:db8::7', 'https://[2001:db8::7]/'],
    ['2001:DB8:0::7', 'https://[2001:db8::7]/'],
    ['[2001:db8::7]', 'https://[2001:db8::7]/'],
    ['[2001:db8::7]:443', 'https://[2001:db8::7]/'],
    ['2001:db8::/32', 'https://[2001:db8::7]/'],
    ['0.0.0.0/0', 'https://192.0.2.7/'],
  ])('%s: %s is asked straight', (without, url) => {
    expect(through(without, url)).toBe(false);
  });

  test.each([
    ['cme.test', host],
    ['ogin.acme.test', host],
    ['login.acme.test.evil', host],
    ['login.acme.test:8443', host],
    ['www.login.acme.test', host],
    ['192.0.2.0/24', 'https://192.0.3.7/'],
    ['192.0.2.0/24', host],
    ['192.0.2', 'https://192.0.2.7/'],
    ['2001:db8::/32', 'https://[2001:db9::7]/'],
    ['2001:db8::/32', 'https://192.0.2.7/'],
    [',', host],
  ])('%s: %s is asked through the proxy', (without, url) => {
    expect(through(without, url)).toBe(true);
  });

  test('lower case comes first here too', () => {
    expect(choose({ HTTPS_PROXY: at, NO_PROXY: '*', no_proxy: 'other.test' }, host)).toBeDefined();
  });

  test.each(['10.0.0.0/33', '10.0.0/8', 'acme.test/24', '2001:db8::/129', '10.0.0.0/'])('%s is no network', (entry) => {
    const read = () => through(`acme.test,${entry}`, host);
    expect(read).toThrow(`NO_PROXY names '${entry}', which is not a network`);
    expect(read).toThrow(expect.objectContaining({ code: 'settings_invalid' }));
  });
});
