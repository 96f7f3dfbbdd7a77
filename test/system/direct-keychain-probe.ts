// A program that reads one item in its own process, as the fast path does: direct-keychain-probe ACCOUNT DEADLINE_MS.
import { getDirectly } from '../../src/system/keychain-direct.ts';

const [account = '', deadlineMs = ''] = process.argv.slice(2);

void getDirectly(account, {
  deadlineMs: Number(deadlineMs),
  onWaiting: () => void process.stderr.write('waiting\n'),
  meanwhile: () => {},
  giveUp: { message: 'no answer\n', exit: 7 },
}).then((answer) => process.stdout.write(answer.ok ? (answer.value?.reveal() ?? 'absent') : answer.why));
