// A loopback sign-in in the fake world, with a browser that a test drives.
import type { Listener, WireResponse } from '../../src/model/ports.ts';
import type { Provider } from '../../src/model/provider.ts';
import { type LoopbackRequest, runLoopback } from '../../src/oauth/flows/loopback.ts';
import type { Complete } from '../../src/oauth/flows/request.ts';
import { createWorld, type World } from '../support/world.ts';
import { complete, type FlowRig, flowIn, makePeer, type Script, script, tokenAnswer } from './rig.ts';

export interface SignIn extends FlowRig {
  readonly world: World;
  readonly server: Script;
  /** The authorization request that the browser was sent with. */
  readonly asked: () => URLSearchParams;
  /** The redirect URI with this query; without one, the good answer. */
  readonly callback: (query?: string) => string;
  /** Where the last answer sent the browser to. */
  readonly follow: (answer: { readonly headers: Readonly<Record<string, string>> }) => string;
}

export interface Setting {
  readonly provider?: Partial<Provider>;
  readonly request?: Partial<LoopbackRequest>;
  readonly answers?: readonly (WireResponse | Error)[];
  readonly terminal?: boolean;
  readonly takenPorts?: readonly number[];
  readonly noBrowser?: string;
  readonly run?: typeof runLoopback;
  /** In place of the fake world's. */
  readonly listen?: Listener;
}

export type Result = Awaited<ReturnType<typeof complete>>['value'];

/** Runs to the end; `browse` is what happens once the browser has the address. */
export async function signIn(
  browse: (rig: SignIn) => Promise<unknown>,
  {
    provider,
    request,
    answers = [tokenAnswer],
    terminal = false,
    takenPorts = [],
    noBrowser,
    run = runLoopback,
    listen,
  }: Setting = {},
  save: Complete<Result> = complete,
): Promise<{ readonly rig: SignIn; readonly ended: Result | Error }> {
  const server = script(...answers);
  const world = createWorld({ fetch: server.fetch, terminal });
  const flow = flowIn(world);
  const asked = () => new URL(world.opened[0] ?? '').searchParams;
  const callback = (query?: string) =>
    `${asked().get('redirect_uri')}?${query ?? `code=the-code&state=${asked().get('state')}`}`;
  const rig: SignIn = {
    ...flow,
    world,
    server,
    asked,
    callback,
    follow: ({ headers }) => new URL(headers.location ?? '', asked().get('redirect_uri') ?? undefined).href,
  };
  world.browser = () => browse(rig);
  world.noBrowser = noBrowser;
  for (const port of takenPorts) world.network.takenPorts.add(port);
  const whole: LoopbackRequest = {
    peer: makePeer(provider),
    scopes: ['mail'],
    redirect: { at: 'loopback', host: '127.0.0.1', ports: 'any', path: '/callback/acme' },
    extraParams: {},
    waitSeconds: 300,
    openBrowser: true,
    ...request,
  };
  const ended = await run(whole, listen === undefined ? flow.ports : { ...flow.ports, listen }, save).catch(
    (error: unknown) => error as Error,
  );
  await world.browsed();
  return { rig, ended };
}

/** The good way, as a browser goes it. */
export async function comeBack(rig: SignIn) {
  return rig.world.visit(rig.follow(await rig.world.visit(rig.callback())));
}

export function grantIn(ended: Result | Error): Result {
  if (ended instanceof Error) throw ended;
  return ended;
}
