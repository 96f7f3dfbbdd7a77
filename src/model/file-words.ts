// What a disk refused, in words for people: why, and what can be done.
import type { FileError, FileErrorKind } from './ports.ts';

type Words = readonly [why: string, act: string];

const words: Readonly<Record<Exclude<FileErrorKind, 'other'>, Words>> = {
  denied: ['permission denied', 'give yourself access to'],
  read_only: ['the file system is read-only', 'allow writing to'],
  full: ['the disk is full', 'make room on the disk of'],
  foreign_owner: ['it belongs to another user', 'take ownership of'],
  link: ['it is a link, and links are not followed there', 'put what it points to in the place of'],
  too_large: ['it is larger than 1 MiB', 'look at'],
  not_text: ['it is not text', 'look at'],
};

/** `why` completes "PATH cannot be used: ". */
export function fileWords(error: FileError): { readonly why: string; readonly hint: string } {
  const [why, act] = error.fileError === 'other' ? [error.message, 'look at'] : words[error.fileError];
  return { why, hint: `${act} ${error.path}` };
}
