/**
 * Entity tags and the preconditions made of them (RFC 9110, sections 8.8.3 and 13.1): the writers' tag says where a
 * story stands, the readers' tag what bytes were sent.
 */
import { hash } from 'node:crypto';
import { Refused } from './problem.js';

export interface EntityTag {
  weak: boolean;
  /** Without the quotes. */
  tag: string;
}

/**
 * A list of entity tags, or `*`. Throws Refused `bad-etag` for anything else. Tags may hold commas, so the list is read
 * tag by tag; empty members are skipped, as RFC 9110 section 5.6.1.2 asks of recipients.
 */
export function parseEntityTags(header: string): '*' | EntityTag[] {
  if (header.trim() === '*') return '*';
  const tags: EntityTag[] = [];
  // Each blank has one place to stand in, so that a long row of them is read once.
  const member = /[ \t]*(?:(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"[ \t]*)?(,|$)/y;
  while (member.lastIndex < header.length) {
    const match = member.exec(header);
    if (!match) break;
    if (match[2] !== undefined) tags.push({ weak: match[1] !== undefined, tag: match[2] });
    if (member.lastIndex === header.length && tags.length) return tags;
  }
  throw new Refused({ code: 'bad-etag', detail: 'An entity tag stands in double quotes, as in "7.3"; or send *.' });
}

/**
 * Whether `If-Match` allows acting on `current` (with its quotes; `undefined` if there is nothing yet): strong
 * comparison, so a weak tag never matches. Throws Refused `bad-etag`.
 */
export function ifMatch(header: string, current: string | undefined): boolean {
  const tags = parseEntityTags(header);
  if (tags === '*') return current !== undefined;
  return tags.some(({ weak, tag }) => !weak && `"${tag}"` === current);
}

/** Whether `If-None-Match` says that the caller has `current` already: weak comparison. Throws Refused `bad-etag`. */
export function notModified(header: string | undefined, current: string): boolean {
  if (header === undefined) return false;
  const tags = parseEntityTags(header);
  const opaque = current.replace(/^W\//, '');
  return tags === '*' || tags.some(({ tag }) => `"${tag}"` === opaque);
}

/** The writers' tag of a story; `versionInForce` is 0 for none. A time that comes meanwhile changes it too. */
export const writersEtag = (revision: number, versionInForce: number): string => `"${revision}.${versionInForce}"`;

/** What a writers' tag says; `undefined` for a tag of another form. */
export function readWritersEtag({ tag }: EntityTag): { revision: number; versionInForce: number } | undefined {
  const match = /^(\d{1,15})\.(\d{1,15})$/.exec(tag);
  return match ? { revision: Number(match[1]), versionInForce: Number(match[2]) } : undefined;
}

/** The readers' tag of what is sent. */
export const readersEtag = (bytes: string | Uint8Array): string =>
  `"${hash('sha256', bytes, 'base64url').slice(0, 27)}"`;
