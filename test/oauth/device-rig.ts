// A sign-in by device code in the fake world, against answers by hand.
import type { Json } from '../../src/model/json.ts';
import type { WireResponse } from '../../src/model/ports.ts';
import type { DeviceRule, Provider } from '../../src/model/provider.ts';
import { runDevice } from '../../src/oauth/flows/device.ts';
import type { SignInRequest } from '../../src/oauth/flows/request.ts';
import { createWorld } from '../support/world.ts';
import { complete, flowIn, json, makePeer, makeProvider, script } from './rig.ts';

export const rule = makeProvider().device as DeviceRule;
export const codes = {
  device_code: 'the-device-code',
  user_code: 'WDJB-MJHT',
  verification_uri: 'https://id.acme.example/device',
  expires_in: 900,
  interval: 5,
};
export const error = (name: string, status = 400, more: Record<string, Json> = {}) =>
  json(status, { error: name, ...more });

interface Setting {
  readonly provider?: Partial<Provider>;
  readonly request?: Partial<SignInRequest>;
  readonly start?: WireResponse | Error;
}

export async function device(
  polls: readonly (WireResponse | Error)[],
  { provider, request, start = json(200, codes) }: Setting = {},
) {
  const server = script(start, ...polls);
  const world = createWorld({ fetch: server.fetch });
  const rig = flowIn(world);
  const whole = {
    peer: makePeer(provider),
    scopes: ['mail'],
    extraParams: {},
    waitSeconds: 300,
    openBrowser: true,
    ...request,
  };
  const startedAt = world.now();
  const ended = await runDevice(whole, rig.ports, complete).catch((reason: unknown) => reason as Error);
  return { ended, rig, world, server, seconds: (world.now() - startedAt) / 1000 };
}

export const granted = { grant: { tokens: { roles: { access: { tokenType: 'Bearer' } } } } };
