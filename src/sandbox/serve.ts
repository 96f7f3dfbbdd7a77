// The sandbox on a loopback port: every host under `/HOST/path`, an index page, and the control URL.
// Browsers reach it, so it answers to its own name only (DNS rebinding) and takes orders by POST with a token only.
import { timingSafeEqual } from 'node:crypto';
import { CliError } from '../errors.ts';
import type { Listener, ListenRequest, ListenResponse, Random } from '../model/ports.ts';
import { Secret } from '../model/secret.ts';
import { indexPage } from './index-page.ts';
import { jsonReply, plainPage } from './replies.ts';
import type { Sandbox, SandboxReport, SandboxResponse } from './sandbox.ts';
import { hashOf } from './state.ts';

export interface ServeDeps {
  readonly sandbox: Sandbox;
  readonly listen: Listener;
  readonly random: Random;
  /** 0 = any free port. */
  readonly port: number;
  /**
   * `everything`: for clients of any kind, with the control URL.
   * `pages`: what a browser visits, and nothing else, for a client that reaches the rest in-process.
   */
  readonly surface: 'everything' | 'pages';
  /** The only hosts that are answered for; all when left out. */
  readonly hosts?: ReadonlySet<string> | undefined;
}

export interface ServedSandbox {
  readonly origin: string;
  /** Where the browser finds a page of a real address: `https://HOST/path` → `http://127.0.0.1:PORT/HOST/path`. */
  pageAddress(realUrl: string): string;
  readonly control: { readonly url: string; readonly token: Secret };
  close(): Promise<void>;
}

export async function serveSandbox(deps: ServeDeps): Promise<ServedSandbox> {
  const token = new Secret(Buffer.from(deps.random.bytes(24)).toString('base64url'));
  // Known once the port is; until then no Host fits.
  const own = { host: '' };
  const listening = await deps.listen({
    host: '127.0.0.1',
    port: deps.port,
    handle: (request) => answer(request, deps, own.host, token),
  });
  own.host = `127.0.0.1:${listening.port}`;
  const origin = `http://${own.host}`;
  return {
    origin,
    pageAddress: (realUrl) => mountedAddress(origin, realUrl),
    control: { url: `${origin}/control`, token },
    close: () => listening.close(),
  };
}

function mountedAddress(origin: string, realUrl: string): string {
  const { host, pathname, search } = new URL(realUrl);
  return `${origin}/${host}${pathname}${search}`;
}

async function answer(request: ListenRequest, deps: ServeDeps, host: string, token: Secret): Promise<ListenResponse> {
  if (host === '' || request.headers.host !== host) return plainPage(421, 'This sandbox answers to 127.0.0.1 only');
  const [path, query] = splitOnce(request.target, '?');
  const everything = deps.surface === 'everything';
  if (everything && path === '/control') return obeyControl(request, deps.sandbox, token);
  if (everything && path === '/' && request.method === 'GET')
    return indexPage(await deps.sandbox.control([]), (await deps.sandbox.seed()).providers);
  const [realHost, realPath] = splitOnce(path.slice(1), '/');
  const url = `https://${realHost}/${realPath ?? ''}${query === undefined ? '' : `?${query}`}`;
  // A browser asks for favicons and the like: that is nobody's slip, so it never gets as far as the violation log.
  if (!realHost.includes('.') || realPath === undefined || !URL.canParse(url)) return plainPage(404, 'Not found');
  if (!everything && !deps.sandbox.isPage(url)) return plainPage(404, 'Not found');
  if (deps.hosts?.has(realHost) === false)
    return plainPage(404, 'Not served: the sandbox was started for other providers');
  const { method, headers, body } = request;
  const reply = await deps.sandbox.answer({ method, url, headers, body, pageBase: '' });
  if (reply.delayMs > 0) await deps.sandbox.clock.sleep(reply.delayMs);
  return { status: reply.status, headers: reply.headers, body: reply.body, fault: onASocket(reply.fault) };
}

/** One port stands for every host, so a connection to it cannot be refused for one. */
function onASocket(fault: SandboxResponse['fault']): ListenResponse['fault'] {
  return fault === 'refused' || fault === 'no-name' ? 'reset' : fault;
}

function splitOnce(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** One act a line, as `Sandbox.control` takes them. */
async function obeyControl(request: ListenRequest, sandbox: Sandbox, token: Secret): Promise<ListenResponse> {
  if (request.method !== 'POST') return refusal(405, 'POST one switch a line', { allow: 'POST' });
  const given = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (!sameText(given, token.reveal())) return refusal(401, 'send the printed token: Authorization: Bearer TOKEN');
  try {
    return jsonReply(200, reportJson(await sandbox.control(request.body.split('\n'))));
  } catch (error) {
    if (error instanceof CliError && error.code === 'invalid_value')
      return refusal(400, `${error.message} (GET / lists the switches)`);
    throw error;
  }
}

/** Hashed first, so that lengths are equal and nothing is learnt from the time it takes. */
function sameText(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(a)), Buffer.from(hashOf(b)));
}

function refusal(status: number, message: string, headers: Record<string, string> = {}): ListenResponse {
  return jsonReply(status, { error: message }, headers);
}

function reportJson(report: SandboxReport) {
  return {
    switches: report.switches,
    violations: report.violations.map(({ at, place, code, says }) => ({ at, place, code, says })),
  };
}
