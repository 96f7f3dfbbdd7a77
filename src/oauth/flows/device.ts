// Device authorization grant (RFC 8628): a code to type on any device, and asking until the person has.
import { initiateDeviceAuthorization } from 'openid-client';
import { CliError } from '../../errors.ts';
import type { DeviceRule, Provider } from '../../model/provider.ts';
import { Secret } from '../../model/secret.ts';
import { type Answer, isSuccess } from '../answer.ts';
import { errorOf, isTransient, readAnswer } from '../answers.ts';
import { scopeParams } from '../attempt.ts';
import { openClient } from '../client.ts';
import { clientAuth } from '../client-auth.ts';
import { checkEndpoint } from '../endpoints.ts';
import { grantOf } from '../exchange.ts';
import { checkExtraParams } from '../extra-params.ts';
import { plainText } from '../foreign-text.ts';
import { openWire } from '../guarded-fetch.ts';
import type { Peer } from '../peer.ts';
import type { FlowPorts } from '../ports.ts';
import { readSeconds, showDeviceAnswer } from '../shown-answer.ts';
import { requestTokens, type TokenAnswer, type TokenOutcome } from '../token-request.ts';
import { badAnswer, cliErrorIn } from '../wire-error.ts';
import type { Complete, SignInRequest } from './request.ts';
import { cancelled } from './wait-for-person.ts';

interface DeviceCode {
  readonly code: Secret;
  readonly userCode: string;
  readonly address: string;
  readonly intervalSeconds: number;
  readonly lifeSeconds: number;
}

export async function runDevice<T>(request: SignInRequest, ports: FlowPorts, complete: Complete<T>): Promise<T> {
  const { provider } = request.peer;
  const rule = allowedRule(request);
  checkExtraParams(provider, request.extraParams);
  // A device that may keep no secret signs in by its id alone.
  const peer = rule.secretAtPoll ? request.peer : { ...request.peer, clientSecret: undefined };
  const device = await askForCode(request, peer, rule, ports);
  ports.tell(`To sign in to ${provider.name}, visit ${await ports.userAgent.address(device.address)}`);
  ports.tell(`and enter the code ${device.userCode}`);
  const shownAt = ports.clock.now();
  const granted = await poll(request, peer, rule, device, ports);
  const humanMs = ports.clock.now() - shownAt;
  const asked = { scopes: request.scopes, nonce: null };
  // From here on there is a grant: its check may ask for keys, and a signal in that moment must not lose it.
  const { value } = await ports.guarded(async () => {
    return complete(await grantOf(peer, granted, asked, ports, ports.interrupted), { humanMs });
  });
  return value;
}

function allowedRule({ peer: { provider, app }, scopes }: SignInRequest): DeviceRule {
  const { device, endpoints } = provider;
  const refuse = (why: string) =>
    new CliError('grant_unsupported', why, { hint: `oauthctl connect ${provider.id}, without --device` });
  if (device === null || endpoints.deviceAuthorization === null) {
    throw refuse(`${provider.name} offers no sign-in by device code`);
  }
  if (device.kind !== null && device.kind !== app.kind) {
    throw refuse(`${provider.name} signs in by device code with a '${device.kind}' app only`);
  }
  const forbidden = scopes.filter((scope) => device.scopes !== null && !device.scopes.includes(scope));
  if (forbidden.length > 0) throw refuse(`${provider.name} does not grant ${forbidden.join(', ')} by device code`);
  return device;
}

async function askForCode(
  { scopes, extraParams }: SignInRequest,
  peer: Peer,
  rule: DeviceRule,
  ports: FlowPorts,
): Promise<DeviceCode> {
  const { provider } = peer;
  const asking = { issuer: provider.issuer, ports, signal: ports.interrupted };
  const wire = openWire('device endpoint', asking, (answer) => showDeviceAnswer(answer, rule.uriAt));
  const resource = peer.resource === null ? {} : { resource: peer.resource };
  const parameters = { ...extraParams, ...scopeParams(provider, scopes), ...resource };
  try {
    const device = await initiateDeviceAuthorization(openClient(peer, clientAuth(peer), wire), parameters);
    const complete = device.verification_uri_complete;
    // Both are checked, whichever is shown: a person is about to open it.
    const [address = ''] = [complete, device.verification_uri].flatMap((uri) =>
      uri === undefined ? [] : [checkEndpoint(uri, provider.issuer, 'the address to visit').href],
    );
    return {
      code: new Secret(device.device_code),
      userCode: plainText(device.user_code).slice(0, 64),
      address,
      intervalSeconds: device.interval ?? 5,
      lifeSeconds: device.expires_in,
    };
  } catch (error) {
    throw deviceError(provider, error, wire.answer(), ports);
  }
}

function deviceError(provider: Provider, error: unknown, answer: Answer | undefined, ports: FlowPorts): unknown {
  const known = cliErrorIn(error);
  if (known !== undefined || answer === undefined) return known ?? error;
  const reading = readAnswer(provider, 'device', answer, ports.clock.now());
  const isRefusal = !isSuccess(answer) || reading.error !== null;
  return isRefusal ? errorOf(provider, reading, 'the device sign-in') : badAnswer(provider, answer, 'device code');
}

/** RFC 8628 §3.5. */
async function poll(
  { waitSeconds }: SignInRequest,
  peer: Peer,
  rule: DeviceRule,
  device: DeviceCode,
  ports: FlowPorts,
): Promise<TokenAnswer> {
  const { clock, interrupted } = ports;
  const endsAt = clock.now() + Math.min(device.lifeSeconds, waitSeconds) * 1000;
  let intervalSeconds = device.intervalSeconds;
  const parameters = { device_code: device.code.reveal() };
  const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
  const request = { grantType, parameters, auth: clientAuth(peer), place: 'device', signal: interrupted } as const;
  for (;;) {
    const waitMs = Math.min(intervalSeconds * 1000, endsAt - clock.now());
    if (waitMs <= 0)
      throw device.lifeSeconds > waitSeconds ? waitOver(peer.provider, waitSeconds) : codeExpired(peer.provider);
    await clock.sleep(waitMs, interrupted);
    if (interrupted.aborted) throw cancelled();
    const outcome = await requestTokens(peer, request, ports);
    if (outcome.kind === 'granted') return outcome.granted;
    if (interrupted.aborted) throw cancelled();
    intervalSeconds = nextInterval(peer.provider, rule, outcome, intervalSeconds);
  }
}

/** Throws when there is nothing to wait for any more. */
function nextInterval(
  provider: Provider,
  rule: DeviceRule,
  outcome: Exclude<TokenOutcome, { readonly kind: 'granted' }>,
  intervalSeconds: number,
): number {
  if (outcome.kind === 'failed') {
    // RFC 8628 §3.5: a connection that timed out is tried again, more slowly each time.
    if (outcome.error.retryable) return intervalSeconds * 2;
    throw outcome.error;
  }
  const { reading, answer } = outcome;
  const error = reading.error ?? '';
  if (rule.pending.includes(error)) return intervalSeconds;
  if (rule.slowDown.includes(error)) return slower(answer, intervalSeconds);
  if (rule.expired.includes(error)) throw codeExpired(provider);
  if (rule.declined.includes(error)) {
    throw new CliError('consent_denied', `consent was refused at ${provider.name} (${error})`, {
      hint: `oauthctl connect ${provider.id} --device`,
    });
  }
  if (isTransient(reading)) return Math.max(intervalSeconds * 2, reading.retryAfterSeconds ?? 0);
  // At this place it speaks of the device code: no grant is there yet that could be dead.
  if (reading.means === 'grant_dead') {
    throw new CliError(
      'provider_refused',
      `${provider.name} does not know the device code (${error}): ${reading.words}`,
      {
        hint: `oauthctl connect ${provider.id} --device`,
      },
    );
  }
  throw errorOf(provider, reading, 'the device sign-in');
}

/** Some servers name the new interval (GitHub), the others mean five seconds more. */
function slower({ json }: Answer, intervalSeconds: number): number {
  const named = typeof json === 'object' && json !== null && 'interval' in json ? readSeconds(json.interval) : null;
  return named !== null && named > intervalSeconds ? named : intervalSeconds + 5;
}

/** The code itself is good for longer. */
function waitOver({ name, id }: Provider, waitSeconds: number): CliError {
  return new CliError(
    'timed_out',
    `nobody entered the code at ${name} within ${waitSeconds} seconds; --wait SECONDS waits longer`,
    {
      hint: `oauthctl connect ${id} --device`,
    },
  );
}

function codeExpired({ name, id }: Provider): CliError {
  return new CliError('timed_out', `nobody entered the code at ${name} in time, so it has expired`, {
    hint: `oauthctl connect ${id} --device`,
  });
}
