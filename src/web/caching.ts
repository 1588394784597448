/** Who may keep an answer. What was asked with credentials is for the one who asked; the rest is revalidated. */
import type { FastifyReply, FastifyRequest } from 'fastify';

export const sessionCookie = 'palimpsest_session';

/** For public answers, to be given again without asking for a few seconds only: any version can be hidden tomorrow. */
export const publiclyCached = 'public, max-age=5';

export const hasCredentials = ({ headers }: FastifyRequest): boolean =>
  headers.authorization !== undefined || (headers.cookie ?? '').includes(`${sessionCookie}=`);

/** Sets `Cache-Control` and `Vary` on every answer but assets, which are the same for all. */
export function setCaching(request: FastifyRequest, reply: FastifyReply): void {
  if (request.url.startsWith('/assets/')) return;
  if (hasCredentials(request)) reply.header('cache-control', 'private, no-store');
  else if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-cache');
  const vary = String(reply.getHeader('vary') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  for (const name of ['Accept', 'Authorization', 'Cookie']) {
    if (!vary.some((there) => there.toLowerCase() === name.toLowerCase())) vary.push(name);
  }
  reply.header('vary', vary.join(', '));
}
