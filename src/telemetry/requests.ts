/** Where requests are watched: from their head to the last byte of their answer, or to where the connection broke off. */
import type { FastifyInstance } from 'fastify';
import { type RequestWatched, silent, type Telemetry } from './telemetry.js';

/** Probes and fonts. */
const minor = /^\/(health|assets)\//;

/** Call it before any other hook is added. */
export function watchRequests(fastify: Pick<FastifyInstance, 'addHook'>, telemetry: Telemetry): void {
  if (telemetry.request === silent.request) return;
  const watched = new WeakMap<object, RequestWatched>();
  fastify.addHook('onRequest', (request, reply, done) => {
    const { traceparent } = request.headers;
    const watching = telemetry.request({
      method: request.method,
      correlationId: String(request.id),
      traceparent: typeof traceparent === 'string' ? traceparent : undefined,
      minor: minor.test(request.url),
    });
    watched.set(request, watching);
    // Not onResponse: an answer that its reader broke off has none.
    reply.raw.once('close', () =>
      watching.end({
        route: request.is404 ? undefined : request.routeOptions.url,
        // As nginx has it: whoever asked has gone before there was an answer.
        status: reply.raw.headersSent ? reply.statusCode : 499,
        isStream: String(reply.getHeader('content-type')).startsWith('text/event-stream'),
      }),
    );
    done();
  });
  // After the body has been read, whose events would lose the context.
  fastify.addHook('preValidation', (request, _reply, done) => watched.get(request)!.within(done));
}
