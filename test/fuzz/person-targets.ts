// What reads what people type, paste, set and download, and what their browsers bring.

import { commands } from '../../src/commands/generated-index.ts';
import { withEnvFile } from '../../src/connections/app-environment.ts';
import {
  checkAppName,
  checkRedirectUri,
  clientIdProblem,
  clientSecretProblem,
  kindOf,
} from '../../src/connections/app-values.ts';
import { parseConsoleFile } from '../../src/connections/console-file.ts';
import { loneCommand } from '../../src/context/lone-command.ts';
import { fromRfc3339, parseDuration, toRfc3339 } from '../../src/model/instants.ts';
import {
  environmentName,
  nearestName,
  parseConnectionName,
  parseLabel,
  parseProviderId,
} from '../../src/model/names.ts';
import { parseKeySource } from '../../src/model/settings.ts';
import type { Attempt } from '../../src/oauth/attempt.ts';
import { judgeCallback, parseCallback } from '../../src/oauth/callback.ts';
import { readHandedOver } from '../../src/oauth/flows/handed-over.ts';
import { readPasted } from '../../src/oauth/flows/pasted.ts';
import { parseArguments } from '../../src/program.ts';
import { shippedProviders } from '../../src/providers/generated-index.ts';
import { switchBook } from '../../src/sandbox/families.ts';
import { applySetting } from '../../src/sandbox/switches.ts';
import { decodeRecordName, encodeRecordName } from '../../src/stores/record-name.ts';
import { recordNameOf } from '../../src/stores/tree-layout.ts';
import { createLineReader } from '../../src/system/line-reader.ts';
import { complete } from '../../src/ui/complete.ts';
import { readTyped, writeOffers } from '../../src/ui/completion-words.ts';
import { harmless, harmlessJson, harmlessLines } from '../../src/ui/harmless.ts';
import { issuer, makeProvider } from '../oauth/rig.ts';
import { createWorld } from '../support/world.ts';
import type { Hear, Target } from './harness.ts';
import { planted } from './inputs.ts';

const attempt: Attempt = {
  state: 'the-state',
  stateIn: 'query',
  gives: 'code',
  verifier: null,
  nonce: null,
  redirectUri: 'http://127.0.0.1:4000/callback/acme',
  scopes: [],
};
const byPath: Attempt = {
  ...attempt,
  stateIn: 'path',
  gives: 'token',
  redirectUri: 'http://localhost:4000/cb/the-state',
};
const attempts = [attempt, byPath, { ...attempt, stateIn: 'printed' }, { ...byPath, stateIn: 'printed' }] as const;

const queries = [
  `code=${planted}&state=the-state&iss=${issuer}`,
  `error=access_denied&error_description=no+${'x'.repeat(20)}&state=the-state`,
  `token=${planted}&token_type=bearer`,
];

function judged(callback: ReturnType<typeof parseCallback>, one: Attempt, hear: Hear): void {
  const verdict = judgeCallback(callback, one, makeProvider({ iss: 'if_present' }));
  // What is said of the error itself is the sender's text; a code or a token in an answer without one never is.
  if (callback.values.has('error') || callback.values.get('iss')?.includes(planted)) return;
  if (verdict.kind === 'stray') hear(verdict.why);
  if (verdict.kind === 'ended') hear(verdict.error.message);
}

const callbackTargets: readonly Target[] = [
  {
    name: 'callback',
    seeds: queries,
    feed(input, hear) {
      for (const one of attempts) judged(parseCallback(input, '/cb/the-state'), one, hear);
    },
  },
  {
    name: 'pasted address',
    seeds: queries.flatMap((query) => [
      `http://127.0.0.1:4000/callback/acme?${query}`,
      `<http://x/cb#${query}>`,
      planted,
    ]),
    feed(input, hear) {
      for (const one of attempts) judged(readPasted(input, one), one, hear);
    },
  },
  {
    name: "the fragment page's post",
    seeds: [JSON.stringify(queries[2])],
    feed(body) {
      const headers = { origin: 'http://localhost:4000', 'content-type': 'application/json' };
      readHandedOver({ method: 'POST', target: '/', headers, body }, 'http://localhost:4000');
    },
  },
  {
    name: 'keys of a terminal',
    seeds: [`\u001b[200~${planted}\u001b[201~\r`, `${planted}\u007f\u0015${planted}\r`],
    feed(input) {
      const reader = createLineReader();
      for (const chunk of input.match(/[\s\S]{1,7}/g) ?? []) reader.feed(chunk);
    },
  },
];

const nameTargets: readonly Target[] = [
  {
    name: 'names and spans',
    holdsNoSecret: true,
    seeds: ['gmail:work', 'gmail', 'google-drive:anna.b+c@example.com', '15m', '2026-11-25T10:00:00Z', 'file:/keys/a'],
    feed(input) {
      const { files } = createWorld().system;
      const tries = [parseConnectionName, parseLabel, parseProviderId, checkAppName];
      environmentName(input);
      nearestName(input, ['gmail', 'slack']);
      parseDuration(input);
      toRfc3339(fromRfc3339(input) ?? null);
      return firstRefusal([...tries.map((read) => () => read(input)), () => parseKeySource(input, '--key', files)]);
    },
  },
  {
    name: 'file names of records',
    seeds: ['gmail%3Awork.json', 'gmail.json', '%2E%2E.json', '%63on.json'],
    // A lone surrogate, as its words say.
    mayThrow: (error) => error instanceof URIError,
    feed(input) {
      recordNameOf(input);
      decodeRecordName(input);
      return decodeRecordName(encodeRecordName(input));
    },
  },
  {
    name: 'text that is shown',
    seeds: ['a\u202eb', '\u001b[31mred', '{"a":"b"}'],
    feed: (input) => [harmless(input), harmlessLines(input), harmlessJson(input)],
  },
  {
    name: 'a switch of the sandbox',
    holdsNoSecret: true,
    seeds: ['http-429=30@token*2', 'consent=deny', 'clock-offset=-3600', 'off'],
    feed: (input) => applySetting({}, input, switchBook),
  },
];

/** Every reader runs; the first refusal is what the input ended in. */
function firstRefusal(reads: readonly (() => unknown)[]): void {
  const refusals = reads.flatMap((read) => {
    try {
      read();
      return [];
    } catch (error) {
      return [error];
    }
  });
  // One that is no refusal counts before those that are.
  const odd = refusals.find((error) => !(error instanceof Error && error.name === 'CliError'));
  if (odd !== undefined || refusals.length > 0) throw odd ?? refusals[0];
}

const lineTargets: readonly Target[] = [
  {
    name: 'arguments',
    holdsNoSecret: true,
    seeds: [
      'connect\ngmail\n--scope\nhttps://mail\n--no-browser',
      'token\ngmail:work\n--min-valid\n15m\n--json',
      'app\nset\ngmail\n--client-id\nx\n--kind\ndesktop',
      'revoke\n--all\n--yes',
      'status\n--all\n--concurrency\n20\n--\n-x',
      'help\napp\nset',
      '--help',
    ],
    feed(input) {
      const { env } = createWorld().system;
      const words = input.split('\n');
      loneCommand(words, commands, env);
      const request = parseArguments(words, commands, env, 'test');
      if (request.kind === 'refused') throw request.error;
    },
  },
  {
    name: 'words to complete',
    seeds: ['oauthctl connect gm', 'oauthctl token "gmail:w', "oauthctl app set 'x\\", 'oauthctl --data-dir=~/'],
    async feed(input) {
      const { env } = createWorld({ env: { COMP_LINE: input, OAUTHCTL_COMPLETE: input } }).system;
      const definitions = commands.map(({ definition }) => definition);
      const offer = { value: input, says: input };
      const sources = { names: async () => [offer], files: async () => [offer] };
      for (const shell of ['bash', 'zsh', 'fish', 'powershell'] as const) {
        const typed = readTyped(shell, input.split(' '), env);
        writeOffers(shell, await complete(typed.before, typed.current, definitions, sources), typed, env);
        writeOffers(shell, [offer], typed, env);
      }
    },
  },
  {
    name: 'dotenv file',
    seeds: [`OAUTHCTL_GMAIL_CLIENT_ID=x\nexport OAUTHCTL_GMAIL_CLIENT_SECRET="${planted}" # note\n# comment\nA='b'\n`],
    async feed(input, hear) {
      const { files, system } = createWorld();
      files.set('/home/ann/work/.env', input, { mode: 0o644 });
      const env = await withEnvFile(system.env, system.files, '.env', hear);
      env.get('OAUTHCTL_GMAIL_CLIENT_SECRET');
    },
  },
];

async function appTargets(): Promise<readonly Target[]> {
  const providers = await Promise.all(Object.values(shippedProviders).map(async (load) => (await load()).provider));
  const client = { client_id: 'x.apps.example', client_secret: planted, redirect_uris: ['http://localhost'] };
  return [
    {
      name: "a console's file",
      seeds: [JSON.stringify({ installed: client }), JSON.stringify({ web: client }), JSON.stringify(client)],
      feed: (input) => firstRefusal(providers.map((provider) => () => parseConsoleFile(provider, input))),
    },
    {
      name: 'client id, client secret, redirect URI',
      seeds: ['123-abc.apps.googleusercontent.com', planted, 'http://127.0.0.1:8080/cb', 'https://me.example/cb'],
      feed(input, hear) {
        for (const provider of providers) hear(clientSecretProblem(provider, input) ?? '');
        for (const provider of providers) clientIdProblem(provider, input);
        // What is asked of an address is told of it, and no address is a secret.
        if (input.includes(planted)) return;
        firstRefusal(providers.map((provider) => () => checkRedirectUri(provider, kindOf(provider, undefined), input)));
      },
    },
  ];
}

export async function personTargets(): Promise<readonly Target[]> {
  return [...callbackTargets, ...nameTargets, ...lineTargets, ...(await appTargets())];
}
