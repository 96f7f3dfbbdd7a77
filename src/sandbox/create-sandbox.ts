// The sandbox itself: finds who answers, keeps the state under the lock, and puts faults around the answer.
import type { ProcessIdentity } from '../model/ports.ts';
import type { Call } from './call.ts';
import { type Found, findRoute, isPageAddress, spotOf, switchBook } from './families.ts';
import { families } from './generated-index.ts';
import { parseParams } from './params.ts';
import { plainPage } from './replies.ts';
import type { Sandbox, SandboxDeps, SandboxReport, SandboxRequest, SandboxResponse } from './sandbox.ts';
import { openStateFile, recordViolation, type SandboxState } from './state.ts';
import { applySetting, describeSetting, peekSwitch, readSwitch } from './switches.ts';
import { answerWithoutActing, sendBack } from './transport-faults.ts';

export function createSandbox(deps: SandboxDeps): Sandbox {
  const file = openStateFile(deps.files, deps.stateFile);
  const change = <T>(act: (state: SandboxState) => T) => deps.lock(() => file.change(act));
  return {
    clock: deps.clock,
    answer: (request) => change((state) => respond(request, state, deps)),
    isPage: (url) => URL.canParse(url) && isPageAddress(new URL(url)),
    seed: async () => ({ providers: Object.assign({}, ...families.map((family) => family.apps)) }),
    violations: async () => (await file.read()).violations,
    control: (lines, endsWith) => change((state) => obey(lines, state, endsWith)),
    async endWith(isOver) {
      const over = new Set<string>();
      for (const { endsWith } of Object.values((await file.read()).switches))
        if (endsWith !== undefined && (await isOver(endsWith))) over.add(JSON.stringify(endsWith));
      if (over.size > 0) await change((state) => endSettings(state, over));
    },
  };
}

function respond(request: SandboxRequest, state: SandboxState, deps: SandboxDeps): SandboxResponse {
  const url = new URL(request.url);
  const found = findRoute(request.method, url);
  const lost: (() => void)[] = [];
  const call = makeCall({ request, url, found, lost }, state, deps);
  if (found.kind === 'nothing') {
    if (found.code !== null) call.violation(found.code, found.says);
    return { ...plainPage(404, 'Error 404 (Not Found)'), delayMs: 0 };
  }
  const { family, route } = found;
  family.before(call);
  if (route.audience === 'browser') return { ...route.handle(call), delayMs: 0 };
  const reply = answerWithoutActing(call, family) ?? route.handle(call);
  const { whole, ...response } = sendBack(call, reply);
  if (!whole || response.delayMs >= (request.patienceMs ?? Infinity)) for (const act of lost) act();
  return response;
}

interface Arrival {
  readonly request: SandboxRequest;
  readonly url: URL;
  readonly found: Found;
  readonly lost: (() => void)[];
}

function makeCall({ request, url, found, lost }: Arrival, state: SandboxState, deps: SandboxDeps): Call {
  const spot = spotOf(found);
  const { place } = spot;
  const offsetSeconds = Number(readSwitch(state.switches, 'clock-offset', spot) ?? 0);
  const at = deps.clock.now() + offsetSeconds * 1000;
  const pageBase = request.pageBase ?? 'https:/';
  return {
    method: request.method,
    url,
    query: parseParams(url.search),
    segments: found.kind === 'route' ? found.segments : {},
    headers: request.headers,
    body: request.body ?? '',
    family: found.kind === 'route' ? found.family.name : 'nobody',
    place,
    at,
    consent: request.consent ?? deps.consent ?? 'browser',
    state,
    random: deps.random,
    pageUrl: (host, path) => `${pageBase}/${host}${path}`,
    switched: (name) => readSwitch(state.switches, name, spot),
    peek: (name) => peekSwitch(state.switches, name, spot),
    violation: (code, says) => recordViolation(state, { at, place, code, says }),
    ifLost: (act) => void lost.push(act),
  };
}

/** What throws here is not written: the state is the caller's only when all lines have been obeyed. */
function obey(lines: readonly string[], state: SandboxState, endsWith?: ProcessIdentity): SandboxReport {
  const acts = lines.map((line) => line.trim()).filter((line) => line !== '');
  for (const act of acts) {
    if (act === 'reset') state.switches = {};
    else if (act === 'forget-violations') state.violations = [];
    else applySetting(state.switches, act, switchBook, endsWith);
  }
  return {
    switches: Object.entries(state.switches).map(([key, setting]) => describeSetting(key, setting)),
    violations: state.violations,
  };
}

/** `servers`: as JSON texts. */
function endSettings(state: SandboxState, servers: ReadonlySet<string>): void {
  for (const [key, { endsWith }] of Object.entries(state.switches))
    if (endsWith !== undefined && servers.has(JSON.stringify(endsWith))) delete state.switches[key];
}
