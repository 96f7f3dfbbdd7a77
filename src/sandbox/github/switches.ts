// GitHub's own switches: states that a real app or person gets into, then the other answer where documentation is silent or sources disagree.
import type { SwitchDefinition } from '../switches.ts';

const on = { kind: 'choice', choices: ['on'] } as const;

export const githubSwitches = [
  {
    name: 'github-no-expiry',
    says: 'expiring user tokens are off: only offline_access brings a refresh token, or nothing does',
    takes: { kind: 'choice', choices: ['unless-offline', 'always'] },
  },
  {
    name: 'github-device',
    says: 'the device flow is switched off in the app settings, and the refusal has this name',
    takes: { kind: 'choice', choices: ['device_flow_disabled', 'unauthorized_client'] },
  },
  { name: 'github-suspended', says: 'the app is suspended: the sign-in is called back with an error', takes: on },
  { name: 'github-unverified-email', says: 'the person has no verified e-mail address', takes: on },
  {
    name: 'github-email',
    says: 'the person shows no e-mail address: it is null',
    takes: { kind: 'choice', choices: ['null'] },
  },
  {
    name: 'github-rate-limit',
    says: 'http-429 is the secondary limit (403 with Retry-After), or is told as 429',
    takes: { kind: 'choice', choices: ['secondary', '429'] },
  },
  {
    name: 'github-error-status',
    says: 'errors of the token endpoint other than those of a device poll come with this status instead of 200',
    takes: { kind: 'choice', choices: ['400'] },
  },
  {
    name: 'github-token-basic',
    says: "the token endpoint takes the client's credentials by HTTP Basic as well",
    takes: { kind: 'choice', choices: ['accepted'] },
  },
  {
    name: 'github-app-port',
    says: 'a GitHub App may come back to any port of its loopback address, as an OAuth App may',
    takes: { kind: 'choice', choices: ['any'] },
  },
  {
    name: 'github-app-mismatch',
    says: "a GitHub App's wrong redirect is shown on a page instead of being called back to the registered one",
    takes: { kind: 'choice', choices: ['page'] },
  },
  {
    name: 'github-response-type',
    says: 'response_type is an error instead of being ignored',
    takes: { kind: 'choice', choices: ['refused'] },
  },
  {
    name: 'github-pkce',
    says: 'PKCE is not known: challenge and verifier are ignored',
    takes: { kind: 'choice', choices: ['ignored'] },
  },
  {
    name: 'github-device-expired',
    says: 'a device code that is over is called token_expired instead of expired_token',
    takes: { kind: 'choice', choices: ['token_expired'] },
  },
  {
    name: 'github-delete-token',
    says: 'deleting an access token ends its refresh token too, or also what the person gave the app at other sign-ins',
    takes: { kind: 'choice', choices: ['pair', 'siblings'] },
  },
  {
    name: 'github-dead-token',
    says: 'deleting with a dead token is 404 instead of 422',
    takes: { kind: 'choice', choices: ['404'] },
  },
  {
    name: 'github-grant-expired',
    says: 'deleting the grant works with an access token that has run out, too',
    takes: { kind: 'choice', choices: ['accepted'] },
  },
  {
    name: 'github-wrong-secret',
    says: 'a wrong id or secret at /applications is 404 instead of 401',
    takes: { kind: 'choice', choices: ['404'] },
  },
  {
    name: 'github-user-agent',
    says: 'the API refuses requests without a User-Agent',
    takes: { kind: 'choice', choices: ['demanded'] },
  },
  { name: 'github-metadata', says: 'there are no metadata documents', takes: { kind: 'choice', choices: ['absent'] } },
] as const satisfies readonly SwitchDefinition[];
