/** RFC 8288 `Link` headers. */
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A link: where to, what that is to the one that links, and what else is said of it, such as `type` or `datetime`. */
export interface Link {
  target: string;
  rel: string;
  [attribute: string]: string;
}

/** One link as it stands in a header or in `application/link-format` (RFC 6690). */
export const linkValue = ({ target, ...attributes }: Link): string =>
  [`<${encodeTarget(target)}>`, ...Object.entries(attributes).map(([name, value]) => `${name}="${value}"`)].join('; ');

/** Adds links to an answer's one `Link` header. */
export function addLinks(reply: FastifyReply, links: readonly Link[]): void {
  const there = reply.getHeader('link');
  reply.header('link', [...(there === undefined ? [] : [there]), ...links.map(linkValue)].join(', '));
}

/** `Link` header for targets such as `{next: '/api/stories?cursor=…'}`; `undefined` where there are none. */
export function linkHeader(targets: Readonly<Record<string, string | undefined>>): string | undefined {
  const links = Object.entries(targets).flatMap(([rel, target]) => (target === undefined ? [] : [{ target, rel }]));
  return links.length ? links.map(linkValue).join(', ') : undefined;
}

/** Where the list that was asked for goes on: the same question with `parameter` set to `next`; null at its end. */
export function linkNext(request: FastifyRequest, reply: FastifyReply, parameter: string, next: string | null): void {
  if (next === null) return;
  const url = new URL(request.url, 'http://localhost');
  url.searchParams.set(parameter, next);
  addLinks(reply, [{ target: url.pathname + url.search, rel: 'next' }]);
}

/** Who blocks what is answered with 451 (RFC 7725, section 4), where an address to say it by is configured. */
export const blockedBy = ({ publicUrl }: { publicUrl?: string }): { link?: string } =>
  publicUrl === undefined ? {} : { link: linkHeader({ 'blocked-by': publicUrl }) };

/** How the world reaches the service: as set, else as this request did. An origin without a trailing slash. */
export const originOf = (
  { publicUrl }: { publicUrl?: string },
  { protocol, host }: Pick<FastifyRequest, 'protocol' | 'host'>,
): string => publicUrl ?? `${protocol}://${host}`;

/** Nothing that could end the target or the header gets through, nor what less careful readers take for an end. */
const encodeTarget = (target: string): string =>
  target.replace(/[^\x21-\x7e]|[<>",;]/gu, (character) => encodeURIComponent(character));
