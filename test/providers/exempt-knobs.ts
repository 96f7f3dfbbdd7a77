// Knobs whose change need not turn anything red, with the reason.
import type { Provider } from '../../src/model/provider.ts';
import { providerForApp } from '../../src/model/provider-for-app.ts';
import type { Knob } from './knobs.ts';

/** Nothing depends on what these say; a person reads them. */
const forPeople: readonly (readonly [RegExp, string])[] = [
  [/^\/name$|^\/kinds\/\d+\/name$/, 'what the provider and its kinds of app are called'],
  [/^\/docsUrl$/, 'a link to read on'],
  [/\/(words|hint|says|leaves)$/, 'a sentence; which one is said is judged, not its wording'],
  [/^\/reasonCodes\/words\//, 'sentences, which decide nothing'],
  [/^\/silentFailures\//, 'sentences; the names in them are judged by the time-out case'],
  [/^\/revocation\/group\/id$/, 'a name of ours; that a family has one is a fact of its fixture'],
  [/^\/guide\//, 'registration steps'],
  [/^\/clientIdShape\/example$/, 'an example in an error'],
];

/** Without effect as the data stands; another value of another knob would wake them. */
const asleep: readonly (readonly [RegExp, string, (provider: Provider, knob: Knob) => boolean])[] = [
  [
    /^\/(apiProbe|probes\/\d+)\/clientAuth$/,
    'a client authenticates in the form, and this request has none',
    ({ clientAuth, probes, apiProbe }, { at }) => {
      const probe = at.startsWith('/apiProbe') ? apiProbe : probes[Number(at.split('/')[2])];
      return clientAuth !== 'basic' && (probe?.method === 'GET' || probe?.body === 'none');
    },
  ],
  [/^\/revocation\/clientAuth$/, 'RFC 7009 only', ({ revocation }) => revocation.kind !== 'rfc7009'],
  [/^\/revocation\/(kills|proof|steps)\b/, 'nothing is revoked', ({ revocation }) => revocation.kind === 'none'],
  [/^\/revocation\/group$/, 'no group ends', ({ revocation }) => revocation.kills !== 'group'],
  [/^\/lifetimes\/shortGrant$/, 'no sign is known', ({ lifetimes }) => lifetimes.shortGrant === null],
  [
    /^\/device\/secretAtPoll$/,
    'there is no secret',
    ({ kinds }) => kinds.every(({ flows, secret }) => !flows.includes('device') || secret === 'never'),
  ],
  [
    /^\/scopes\/separator\/answer$/,
    'a token answer is split at blanks too, and no probe lists scopes',
    ({ scopes, probes }) =>
      scopes.separator.answer === ' ' &&
      probes.every(({ scopesHeader, scopeAt }) => scopesHeader === undefined && scopeAt.length === 0),
  ],
  [
    /^\/scopes\/(caseless|separator)\b/,
    'there are no scopes',
    ({ scopes }) => scopes.default.length === 0 && Object.keys(scopes.known).length === 0,
  ],
];

export function isExempt(provider: Provider, knob: Knob): boolean {
  const [prefix = '', index] = /^\/kinds\/(\d+)\/differs/.exec(knob.at) ?? [];
  const at = knob.at.slice(prefix.length);
  const seen =
    index === undefined ? provider : providerForApp(provider, provider.kinds[Number(index)]?.id ?? null, null);
  const isForPeople = forPeople.some(([pattern]) => pattern.test(at));
  return isForPeople || asleep.some(([pattern, , sleeps]) => pattern.test(at) && sleeps(seen, { ...knob, at }));
}
