// The sandbox itself: finds who answers, keeps the state under the lock, and puts faults around the answer.

import type { Call } from './call.ts';
import { families, findRoute, isPageAddress, switchBook } from './families.ts';
import { parseParams } from './params.ts';
import { plainPage } from './replies.ts';
import type { Sandbox, SandboxDeps, SandboxReport, SandboxRequest, SandboxResponse } from './sandbox.ts';
import { openStateFile, recordViolation, type SandboxState } from './state.ts';
import { applySetting, describeSetting, readSwitch } from './switches.ts';
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
    control: (lines) => change((state) => obey(lines, state)),
  };
}

function respond(request: SandboxRequest, state: SandboxState, deps: SandboxDeps): SandboxResponse {
  const url = new URL(request.url);
  const found = findRoute(request.method, url);
  const call = makeCall(request, url, found.kind === 'route' ? found.route.place : 'nowhere', state, deps);
  if (found.kind === 'nothing') {
    if (found.code !== null) call.violation(found.code, found.says);
    return { ...plainPage(404, 'Error 404 (Not Found)'), delayMs: 0 };
  }
  found.family.before(call);
  if (found.route.audience === 'browser') return { ...found.route.handle(call), delayMs: 0 };
  return sendBack(call, answerWithoutActing(call) ?? found.route.handle(call));
}

function makeCall(request: SandboxRequest, url: URL, place: string, state: SandboxState, deps: SandboxDeps): Call {
  const offsetSeconds = Number(readSwitch(state.switches, 'clock-offset', place) ?? 0);
  const at = deps.clock.now() + offsetSeconds * 1000;
  const pageBase = request.pageBase ?? 'https:/';
  return {
    method: request.method,
    url,
    query: parseParams(url.search),
    headers: request.headers,
    body: request.body ?? '',
    place,
    at,
    consent: request.consent ?? deps.consent ?? 'browser',
    state,
    random: deps.random,
    pageUrl: (host, path) => `${pageBase}/${host}${path}`,
    switched: (name) => readSwitch(state.switches, name, place),
    violation: (code, says) => recordViolation(state, { at, place, code, says }),
  };
}

/** What throws here is not written: the state is the caller's only when all lines have been obeyed. */
function obey(lines: readonly string[], state: SandboxState): SandboxReport {
  const acts = lines.map((line) => line.trim()).filter((line) => line !== '');
  for (const act of acts) {
    if (act === 'reset') state.switches = {};
    else if (act === 'forget-violations') state.violations = [];
    else applySetting(state.switches, act, switchBook);
  }
  return {
    switches: Object.entries(state.switches).map(([name, setting]) => describeSetting(name, setting)),
    violations: state.violations,
  };
}
