// The keychain's child process: one request as a line on stdin; on stdout an empty line before the call, then one reply. A call
// into the keychain can hang for as long as an unlock dialog stays open, cannot be cancelled, and keeps a process from ending;
// this one can be killed.
import type { KeychainReply, KeychainRequest } from './keychain-answers.ts';

async function answer(request: KeychainRequest): Promise<KeychainReply> {
  try {
    const { openEntry } = await import('./keychain-binding.ts');
    process.stdout.write('\n');
    const entry = openEntry(request.account);
    if (request.act === 'get') return { ok: true, value: await entry.getPassword() };
    if (request.act === 'remove') return { ok: true, value: await entry.deleteCredential() };
    await entry.setPassword(request.value);
    return { ok: true, value: null };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

function serve(): void {
  let text = '';
  let asked = false;
  process.stdin.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
    if (asked || !text.endsWith('\n')) return;
    asked = true;
    void answer(JSON.parse(text) as KeychainRequest).then((reply) =>
      process.stdout.write(`${JSON.stringify(reply)}\n`),
    );
  });
  // Whoever asked is gone. A hanging call would keep this process for ever, so it does not end politely.
  process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL'));
}

serve();
