// Two standing servers, hostile when told to be, and a home in which 'acme' is connected to the first: made once per file.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type HostileServer, startHostileServer } from './hostile-server.ts';
import { mustSucceed, type Ran, temporaryFolder } from './run.ts';

export const env = {
  OAUTHCTL_KEY: Buffer.alloc(32, 7).toString('base64'),
  OAUTHCTL_ACME_CLIENT_ID: 'acme-client',
  BROWSER: fileURLToPath(new URL('visit-and-keep.mjs', import.meta.url)),
};

export interface Rig {
  readonly server: HostileServer;
  /** Where redirects and endpoints may point to; nobody has any business there. */
  readonly elsewhere: HostileServer;
  readonly addAcme: readonly string[];
  /** A home in which 'acme' is a provider, and one in which it is connected. */
  addedHome(): string;
  connectedHome(): string;
}

export async function startRig(): Promise<Rig> {
  const [server, elsewhere] = [await startHostileServer(), await startHostileServer()];
  const addAcme = ['provider', 'add', 'acme', '--issuer', server.issuer, '--scope', 'openid', '--scope', 'mail'];
  const templates = mkdtempSync(join(tmpdir(), 'oauthctl-hostile-'));
  const template = (name: string) => join(templates, name);
  beforeAll(async () => {
    for (const name of ['added', 'connected']) mkdirSync(template(name));
    await mustSucceed(addAcme, template('added'), { env });
    execFileSync('cp', ['-a', `${template('added')}/.`, template('connected')]);
    await mustSucceed(['connect', 'acme'], template('connected'), { env });
  });
  beforeEach(() => {
    server.behave();
    elsewhere.behave();
  });
  afterAll(() => {
    server.close();
    elsewhere.close();
    rmSync(templates, { recursive: true, force: true });
  });
  return {
    server,
    elsewhere,
    addAcme,
    addedHome: () => copyOf(template('added')),
    connectedHome: () => copyOf(template('connected')),
  };
}

function copyOf(template: string): string {
  const home = temporaryFolder();
  // With its modes: cpSync of Node 22 and 24 opens the folders, which is then warned about.
  execFileSync('cp', ['-a', `${template}/.`, home]);
  return home;
}

export const answerOf = ({ stdout }: Ran) => JSON.parse(stdout);

/** The last page that the browser showed. */
export const pageIn = (home: string) => readFileSync(join(home, 'page.html'), 'utf8');
