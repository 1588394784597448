/**
 * What scripts on other sites' pages may read (CORS, in the Fetch standard): public answers, asked for without
 * credentials. Nothing else is allowed them: no writing, no token, no session, so nothing that staff are told.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasCredentials } from './caching.js';

const publicReads = /^\/(api|corrections|embed|feed|stories|timegate|timemap)([/?.]|$)/;
const exposed = 'Content-Location, ETag, Link, Memento-Datetime, Retry-After, X-Correlation-Id';
/** Beyond those that browsers send unasked. */
const mayBeSent = 'Accept-Datetime, If-None-Match, Last-Event-ID, X-Correlation-Id';
/** Of what a preflight says; browsers cap it. */
const secondsAllowed = 86_400;

const isRead = (method: string | undefined): boolean => method === 'GET' || method === 'HEAD';

/** Before an answer is sent, a refusal too. */
export function shareWithOtherSites(request: FastifyRequest, reply: FastifyReply): void {
  if (!publicReads.test(request.url) || !isRead(request.method) || hasCredentials(request)) return;
  reply.headers({
    'access-control-allow-origin': '*',
    'access-control-expose-headers': exposed,
    'cross-origin-resource-policy': 'cross-origin',
  });
}

/** Whether this was a browser's question ahead of another site's request, and it has been answered. */
export function answeredPreflight({ method, headers, url }: FastifyRequest, reply: FastifyReply): boolean {
  if (method !== 'OPTIONS' || !isRead(headers['access-control-request-method']) || !publicReads.test(url)) return false;
  reply
    .status(204)
    .headers({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers': mayBeSent,
      'access-control-max-age': secondsAllowed,
      'cache-control': 'no-store',
    })
    .send();
  return true;
}
