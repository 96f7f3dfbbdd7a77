// Which way a sign-in goes: by the browser of this machine, by a code on another device, or by pasting.
import type { FlowName } from '../model/connection.ts';
import type { Ways } from './connect-redirect.ts';
import type { Workspace } from './workspace.ts';

export interface ChosenFlow {
  readonly flow: FlowName;
  readonly openBrowser: boolean;
}

export async function chooseFlow(workspace: Workspace, ways: Ways): Promise<ChosenFlow> {
  const { kind, own, provider, request } = ways;
  if (request.flow !== 'auto') return { flow: request.flow, openBrowser: request.openBrowser };
  const loops = kind.flows.includes('loopback') || kind.flows.includes('fragment');
  if (!loops && kind.flows.includes('device')) return { flow: 'device', openBrowser: false };
  const leavesThisMachine = own?.startsWith('https:') === true || (own !== null && own === provider.printed?.redirect);
  if (leavesThisMachine || kind.ownRedirect) return { flow: 'paste', openBrowser: request.openBrowser };
  const browser = request.openBrowser
    ? await workspace.system.userAgent.detect()
    : ({ available: false, why: 'asked not to open one' } as const);
  if (browser.available) return { flow: byBrowser(ways), openBrowser: true };
  const flow = withoutBrowser(workspace, ways);
  workspace.say(`no browser here (${browser.why}): ${howToGoOn[flow]}`);
  return { flow, openBrowser: false };
}

const howToGoOn: Readonly<Record<FlowName, string>> = {
  device: 'sign in on any device with a code',
  paste: 'sign in on any device, then paste what it ends with here',
  loopback: 'open the address below in a browser on this machine',
  fragment: 'open the address below in a browser on this machine',
};

/** The implicit grant of before has its answer behind the "#", which no server sees. */
function byBrowser({ kind }: Ways): FlowName {
  return kind.flows.includes('fragment') ? 'fragment' : 'loopback';
}

/** Device where provider, kind and scopes allow it, else paste; where nobody can paste, the listener waits all the same. */
function withoutBrowser(workspace: Workspace, ways: Ways): FlowName {
  const { provider, kind, scopes } = ways;
  const { device } = provider;
  const allowed = device?.scopes ?? null;
  const deviceFits =
    device !== null &&
    kind.flows.includes('device') &&
    (device.kind === null || device.kind === kind.id) &&
    (allowed === null || scopes.every((scope) => allowed.includes(scope)));
  if (deviceFits) return 'device';
  return workspace.system.prompter.interactive ? 'paste' : byBrowser(ways);
}
