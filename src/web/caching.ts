/**
 * Who may keep an answer, for how long, and whether the caller has it already: decided for every answer here, in one hook.
 * What was asked with credentials is for the one who asked; all else is for everybody, for a few seconds.
 */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { notModified, readersEtag } from './etag.js';
import type { Kept } from './kept.js';

export const sessionCookie = 'palimpsest_session';

/** Seconds for which caches give a public answer without asking: as long as what is hidden or erased may still be read. */
const publicAge = 5;
export const publiclyCached = `public, max-age=${publicAge}, must-revalidate`;

/**
 * For the one who asked. Not to be compressed on the way either (RFC 9111, section 5.2.2.6): sizes would tell of secrets
 * in pages (BREACH), and proxies that compress change the tag, which `If-Match` has to send as it was.
 */
const forOne = 'private, no-store, no-transform';

/** Before cookies have been read, any counts. */
export const hasCredentials = ({ headers, cookies }: FastifyRequest): boolean =>
  headers.authorization !== undefined || (cookies ? sessionCookie in cookies : headers.cookie !== undefined);

const isRead = ({ method }: FastifyRequest): boolean => method === 'GET' || method === 'HEAD';

const passing = new WeakMap<FastifyReply, string>();

/**
 * Says that `piece` of the answer is another each time and means the same, as a cursor that holds the time does: whoever
 * has the rest has the answer.
 */
export function exceptFor(reply: FastifyReply, piece: string | null): void {
  if (piece !== null) passing.set(reply, piece);
}

const tags = new WeakMap<Readable, string>();

/** A body whose readers' tag is known before it is read. */
export function tagged(body: Readable, tag: string): Readable {
  tags.set(body, tag);
  return body;
}

/**
 * Sets `Cache-Control`, `Vary` and `ETag` of an answer, and makes it a 304 with no body where the caller has it. What a
 * route has set stays, but never lets others keep what was asked with credentials. Gives what to send. Throws Refused
 * `bad-etag`.
 */
export function decideCaching(request: FastifyRequest, reply: FastifyReply, payload: unknown, kept: Kept): unknown {
  // Assets are the same for all, under addresses that change with them.
  if (request.url.startsWith('/assets/')) return payload;
  setVary(reply);
  const isPrivate = hasCredentials(request);
  const set = reply.getHeader('cache-control');
  if (isPrivate) reply.header('cache-control', forOne);
  else if (set === undefined) reply.header('cache-control', cachingOf(request, reply.statusCode));
  if (!isRead(request) || reply.statusCode !== 200 || set === 'no-store' || reply.hasHeader('etag')) return payload;
  const tag = payload instanceof Readable ? tags.get(payload) : undefined;
  if (tag !== undefined) return revalidated(request, reply, payload, tag);
  if (typeof payload !== 'string') return payload;
  const etag = etagOf(reply, payload);
  reply.header('etag', etag);
  if (!isPrivate && request.method === 'GET') kept.keep(request, reply, payload);
  return revalidated(request, reply, payload, etag);
}

/** Answers a reader who asks what was asked before, if that answer still holds. Tells whether it did. */
export const answeredAgain = (request: FastifyRequest, reply: FastifyReply, kept: Kept): boolean =>
  request.method === 'GET' && !hasCredentials(request) && kept.answer(request, reply);

/** What is gone or not there is so for everybody; for as long as any answer, so that what comes back is seen at once. */
function cachingOf(request: FastifyRequest, status: number): string {
  if (isRead(request) && [200, 404, 410, 451].includes(status)) return publiclyCached;
  return isRead(request) && status >= 300 && status < 400 ? 'no-cache' : 'no-store';
}

const always = ['Accept', 'Authorization', 'Cookie'];

function setVary(reply: FastifyReply): void {
  const there = reply.getHeader('vary');
  // Most answers; as it is to be written at once.
  if (there === undefined) return void reply.raw.setHeader('Vary', always.join(', '));
  const vary = String(there)
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  for (const name of always) {
    if (!vary.some((there) => there.toLowerCase() === name.toLowerCase())) vary.push(name);
  }
  reply.header('vary', vary.join(', '));
}

function etagOf(reply: FastifyReply, body: string): string {
  const piece = passing.get(reply);
  return piece ? `W/${readersEtag(body.replaceAll(piece, ''))}` : readersEtag(body);
}

function revalidated(request: FastifyRequest, reply: FastifyReply, body: unknown, etag: string): unknown {
  reply.header('etag', etag);
  if (!notModified(request.headers['if-none-match'], etag)) return body;
  reply.status(304).removeHeader('content-type').removeHeader('content-length');
  if (body instanceof Readable) body.destroy();
  return null;
}
