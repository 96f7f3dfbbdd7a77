// Why a certificate was refused, in people's words, with what it says of itself: who issued it, whom it is for, until when.
import type { DetailedPeerCertificate } from 'node:tls';

/** What a peer has shown; undefined when the handshake did not get so far. */
export type Shown = DetailedPeerCertificate | undefined;

type Words = readonly [message: string, hint?: string];

const ownAuthority = 'give the certificate of that issuer with --ca-file FILE, or set NODE_EXTRA_CA_CERTS to its file';
const clock = "check this machine's clock";

/** Undefined when `code` is none of a certificate's. The codes: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
export function certificateWords(code: string, host: string, shown: Shown): Words | undefined {
  const certificate = `the certificate of ${host}`;
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return [`${certificate} has expired${dated('since', shown?.valid_to)}`, clock];
    case 'CERT_NOT_YET_VALID':
      return [`${certificate} is not valid yet${dated('before', shown?.valid_from)}`, clock];
    case 'CERT_REVOKED':
      return [`${certificate} has been revoked`];
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return [`${host} showed a certificate that is for another name${namesIn(shown)}`, otherName];
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return [`${certificate} is self-signed, as '${holderOf(shown?.subject)}': nobody vouches for it`, selfSigned];
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'CERT_UNTRUSTED':
      return [
        `${certificate} was issued by '${holderOf(shown?.issuer)}', which this machine does not trust: a network that inspects TLS does that${orIncomplete(shown)}`,
        ownAuthority,
      ];
    default:
      return refusals.has(code) ? [`${certificate} cannot be accepted (${code})`, ownAuthority] : undefined;
  }
}

/** Alone, it may also lack what leads to a root that is trusted. */
function orIncomplete(shown: Shown): string {
  return shown?.issuerCertificate === undefined ? ', and so does a server that sends a part of its chain only' : '';
}

const otherName = 'check the address; a sign-in page of the network, or a program that inspects TLS, shows such a one';
const selfSigned = 'if it is your own, give it with --ca-file FILE, or set NODE_EXTRA_CA_CERTS to its file';

const refusals: ReadonlySet<string> = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_REJECTED',
  'CERT_SIGNATURE_FAILURE',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
]);

/** Nothing where the date is beside the point: the one that was refused may be another of the chain. */
function dated(word: 'since' | 'before', instant: string | undefined): string {
  const at = Date.parse(instant ?? '');
  const isPast = at <= Date.now();
  return Number.isNaN(at) || isPast !== (word === 'since')
    ? ''
    : ` (${word} ${new Date(at).toISOString().slice(0, 10)})`;
}

type Name = DetailedPeerCertificate['subject'];

/** Common name and organisation, as far as they are there. */
function holderOf(name: Name | undefined): string {
  const [common, organisation] = [name?.CN, name?.O].map((part) => plain([part ?? ''].flat().join(' ')));
  if (common && organisation && common !== organisation) return `${common} (${organisation})`;
  return common || organisation || 'nobody by name';
}

const mostNames = 3;

function namesIn(shown: Shown): string {
  const alternatives = (shown?.subjectaltname ?? '').split(', ').map((name) => name.replace(/^(DNS|IP Address):/, ''));
  const names = alternatives.filter((name) => name !== '');
  if (names.length === 0) return shown === undefined ? '' : ` (${holderOf(shown.subject)})`;
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
  return ` (${names.slice(0, mostNames).map(plain).join(', ')}${more})`;
}

const longest = 80;

/** A stranger wrote it: one line that steers no terminal (Unicode TR 36 §2.10), and of bounded length. */
function plain(text: string): string {
  const line = text.replace(/[\s\p{Cc}\p{Cf}']+/gu, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
