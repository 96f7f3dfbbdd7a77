// A sandbox in memory for these tests, and a client that does what a correct one does: each test changes one thing.
import { createHash, generateKeyPairSync } from 'node:crypto';
import type { Clock, Files } from '../../src/model/ports.ts';
import { approve } from '../../src/sandbox/approve.ts';
import { createSandbox } from '../../src/sandbox/create-sandbox.ts';
import type { Consent, Sandbox, SandboxResponse, SeededApp } from '../../src/sandbox/sandbox.ts';

export const stateFile = '/data/sandbox/state.json';

export interface Rig {
  readonly sandbox: Sandbox;
  /** The same state file, as another process would open it. */
  another(consent?: Consent): Sandbox;
  readonly files: Map<string, string>;
  readonly slept: number[];
  now(): number;
  advance(seconds: number): void;
  /** Google's. */
  readonly app: SeededApp;
  /** By provider id. */
  readonly apps: Readonly<Record<string, SeededApp>>;
  /** The text on disk. */
  stateText(): string;
  violations(): Promise<string[]>;
}

// One key for a whole test file: making one takes longer than everything else here.
const signingKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
const startState = JSON.stringify({ version: 1, switches: {}, violations: [], signingKey, families: {} });

export async function createRig(switches: readonly string[] = []): Promise<Rig> {
  const files = new Map([[stateFile, startState]]);
  const slept: number[] = [];
  let now = Date.parse('2026-11-25T10:00:00Z');
  let seed = 0;
  const clock: Clock = {
    now: () => now,
    sleep: async (milliseconds) => {
      slept.push(milliseconds);
      now += milliseconds;
    },
  };
  const random = {
    bytes: (count: number) => createHash('sha512').update(`seed ${seed++}`).digest().subarray(0, count),
  };
  const lock = createLock();
  const another = (consent?: Consent) =>
    createSandbox({ clock, random, files: memoryFiles(files), stateFile, lock, consent });
  const sandbox = another();
  if (switches.length > 0) await sandbox.control(switches);
  const { providers } = await sandbox.seed();
  return {
    sandbox,
    another,
    files,
    slept,
    now: () => now,
    advance: (seconds) => {
      now += seconds * 1000;
    },
    app: providers.gmail as SeededApp,
    apps: providers,
    stateText: () => files.get(stateFile) ?? '',
    violations: async () => (await sandbox.violations()).map(({ code }) => code),
  };
}

/** One at a time, in the order of asking. */
function createLock(): <T>(body: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (body) => {
    const turn = last.then(body, body);
    last = turn;
    return turn as ReturnType<typeof body>;
  };
}

/** As much of Files as the sandbox uses; every call gives the others a turn, as a disk would. */
function memoryFiles(contents: Map<string, string>): Files {
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const used: Partial<Files> = {
    readOwn: async (path) => {
      const content = contents.get(path);
      await turn();
      return content;
    },
    replaceOwn: async (path, content) => {
      await turn();
      contents.set(path, content);
    },
    ensureFolder: turn,
  };
  return used as Files;
}

export type Form = Record<string, string | undefined>;

export const gmailReadonly = 'https://www.googleapis.com/auth/gmail.readonly';
export const driveFile = 'https://www.googleapis.com/auth/drive.file';
export const emailLong = 'https://www.googleapis.com/auth/userinfo.email';
export const verifier = 'a-verifier-of-more-than-forty-three-characters-0';
export const redirectUri = 'http://127.0.0.1:49152/callback/gmail';

export function encodeForm(form: Form): string {
  const entries = Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(entries).toString();
}

export function post(
  rig: { readonly sandbox: Sandbox },
  url: string,
  form: Form,
  headers: Record<string, string> = {},
): Promise<SandboxResponse> {
  return rig.sandbox.answer({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: encodeForm(form),
  });
}

export function postJson(
  rig: { readonly sandbox: Sandbox },
  url: string,
  value: unknown,
  headers: Record<string, string> = {},
): Promise<SandboxResponse> {
  const sent = { 'content-type': 'application/json', ...headers };
  return rig.sandbox.answer({ method: 'POST', url, headers: sent, body: JSON.stringify(value) });
}

/** RFC 6749 §2.3.1. */
export function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;
}

/** One kind of a provider's seeded app, as a client sends it. */
export function clientOf(
  rig: Rig,
  provider: string,
  kind: string,
): { id: string; secret: string; redirectUris: string[] } {
  const client = rig.apps[provider]?.clients[kind];
  if (client === undefined) throw new Error(`no ${kind} client of ${provider}`);
  const { clientId, clientSecret, redirectUris } = client;
  return { id: clientId, secret: clientSecret?.reveal() ?? '', redirectUris: [...redirectUris] };
}

export function get(rig: { readonly sandbox: Sandbox }, url: string, bearer?: string): Promise<SandboxResponse> {
  const headers: Record<string, string> = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
  return rig.sandbox.answer({ method: 'GET', url, headers });
}

export function authorizationUrl(rig: Rig, change: Form = {}): string {
  const query = encodeForm({
    client_id: rig.app.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: `openid email ${gmailReadonly}`,
    state: 'a-state-that-holds-256-bits-of-chance',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    access_type: 'offline',
    prompt: 'consent',
    ...change,
  });
  return `https://accounts.google.com/o/oauth2/v2/auth?${query}`;
}

export const tokenUrl = 'https://oauth2.googleapis.com/token';

/** The redirect of a consent, and what it carries. */
export async function consented(rig: Rig, change: Form = {}): Promise<URL> {
  return new URL(await approve(rig.sandbox, authorizationUrl(rig, change)));
}

export function exchange(rig: Rig, code: string | null, change: Form = {}): Promise<SandboxResponse> {
  return post(rig, tokenUrl, {
    grant_type: 'authorization_code',
    code: code ?? undefined,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    client_id: rig.app.clientId,
    client_secret: rig.app.clientSecret?.reveal(),
    ...change,
  });
}

export function refresh(rig: Rig, refreshToken: string, change: Form = {}): Promise<SandboxResponse> {
  return post(rig, tokenUrl, {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: rig.app.clientId,
    client_secret: rig.app.clientSecret?.reveal(),
    ...change,
  });
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly scope: string;
  readonly id_token: string;
  readonly expires_in: number;
  readonly refresh_token_expires_in?: number;
}

export function json<T = Record<string, unknown>>(response: SandboxResponse): T {
  return JSON.parse(response.body) as T;
}

/** Consent and exchange: the grant of a correct client. */
export async function connect(rig: Rig, change: Form = {}): Promise<Tokens> {
  const callback = await consented(rig, change);
  const answer = await exchange(rig, callback.searchParams.get('code'));
  if (answer.status !== 200) throw new Error(`not connected: ${answer.status} ${answer.body}`);
  return json<Tokens>(answer);
}

export function claimsOf(idToken: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString());
}
