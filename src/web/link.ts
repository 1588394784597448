/** RFC 8288 `Link` headers. */
import type { FastifyReply, FastifyRequest } from 'fastify';

/** How the world reaches the service: as set, else as this request did. An origin without a trailing slash. */
export const originOf = (
  { publicUrl }: { publicUrl?: string },
  { protocol, host }: Pick<FastifyRequest, 'protocol' | 'host'>,
): string => publicUrl ?? `${protocol}://${host}`;

/** `Link` header for targets such as `{next: '/api/stories?cursor=…'}`; `undefined` where there are none. */
export function linkHeader(targets: Readonly<Record<string, string | undefined>>): string | undefined {
  const links = Object.entries(targets)
    .filter((link): link is [string, string] => link[1] !== undefined)
    .map(([relation, target]) => `<${encodeTarget(target)}>; rel="${relation}"`);
  return links.length ? links.join(', ') : undefined;
}

/** Where the list that was asked for goes on: the same question with `parameter` set to `next`; null at its end. */
export function linkNext(request: FastifyRequest, reply: FastifyReply, parameter: string, next: string | null): void {
  if (next === null) return;
  const url = new URL(request.url, 'http://localhost');
  url.searchParams.set(parameter, next);
  reply.header('link', linkHeader({ next: url.pathname + url.search }));
}

/** Who blocks what is answered with 451 (RFC 7725, section 4), where an address to say it by is configured. */
export const blockedBy = ({ publicUrl }: { publicUrl?: string }): { link?: string } =>
  publicUrl === undefined ? {} : { link: linkHeader({ 'blocked-by': publicUrl }) };

/** Nothing that could end the target or the header gets through. */
const encodeTarget = (target: string): string =>
  target.replace(/[^\x21-\x7e]|[<>"]/gu, (character) => encodeURIComponent(character));
