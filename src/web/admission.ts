/**
 * Who is let in: before a request is read it is known whether its credentials are good, it takes from what its address may
 * ask, and it takes a place among those that wait. And who is let go: clients that do not take their answer.
 */
import type { ServerResponse } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../config.js';
import { countedAs, networks } from './client-address.js';
import type { Patience } from './patience.js';
import { openPlaces } from './places.js';
import { costOf, openRateLimit } from './rate-limit.js';
import { DOOR, LOG } from './tokens.js';

/** Whether the credentials of a request are good. Throws Refused where they do not open its route: its body is not read then. */
export type Door = (request: FastifyRequest) => boolean;

/** The place that a request has taken. */
const taken = Symbol('place');
type Placed = FastifyRequest & { [taken]?: ReturnType<ReturnType<typeof openPlaces>['take']> };

/** Answers at once what can be; tells whether it did. */
type AtOnce = (request: FastifyRequest, reply: FastifyReply) => boolean;

/** Adds its hooks; they come after those that refuse what is no request at all. */
export function admit(app: NestFastifyApplication, config: Config, { answer }: Patience, answeredAtOnce: AtOnce): void {
  const fastify = app.getHttpAdapter().getInstance();
  const log = app.get<Logger>(LOG);
  const isKnown = app.get<Door>(DOOR);
  const rateLimit = openRateLimit(config.anonymousRate);
  const trusted = networks(config.trustedProxies);
  const places = openPlaces();
  const takers = openTakers(answer);
  fastify.addHook('onClose', (_instance, done) => {
    takers.close();
    done();
  });
  let hasWarned = false;

  function count(request: FastifyRequest): void {
    const address = countedAs(request, trusted);
    if (address !== undefined) rateLimit.take(address, costOf(request.routeOptions.url, request.query));
    else if (!hasWarned && config.anonymousRate > 0 && request.headers['x-forwarded-for'] !== undefined) {
      hasWarned = true;
      const proxy = request.raw.socket.remoteAddress;
      log.warn({ proxy }, 'Readers are not counted by address: PALIMPSEST_TRUSTED_PROXIES does not name their proxy.');
    }
  }

  fastify.addHook('onRequest', (request, reply, done) => {
    // Probes have to be answered most of all when there is too much to do; what is cached for a year costs little.
    if (!request.is404 && /^\/(health|assets)\//.test(request.url)) return done();
    let known = false;
    try {
      known = isKnown(request);
    } finally {
      if (!known && request.method !== 'OPTIONS') count(request);
    }
    // What waits for nothing takes no place.
    if (answeredAtOnce(request, reply)) return takers.given(reply.raw);
    const place = places.take(request, known);
    (request as Placed)[taken] = place;
    reply.raw.once('close', place.leave);
    done();
  });

  // Once the body is there.
  fastify.addHook('preValidation', (request, _reply, done) => {
    (request as Placed)[taken]?.arrived();
    done();
  });

  fastify.addHook('onSend', (request, reply, payload, done) => {
    (request as Placed)[taken]?.leave();
    if (!String(reply.getHeader('content-type')).startsWith('text/event-stream')) takers.given(reply.raw);
    done(null, payload);
  });

  fastify.addHook('onResponse', (_request, reply, done) => {
    takers.have(reply.raw);
    done();
  });
}

/** Cuts off who takes longer than `most` milliseconds for an answer, or an eighth more. */
function openTakers(most: number) {
  const givenAt = new Map<ServerResponse, number>();
  const look = setInterval(() => {
    const longAgo = performance.now() - most;
    for (const [raw, since] of givenAt) {
      if (since <= longAgo) raw.destroy();
      if (raw.closed || raw.destroyed) givenAt.delete(raw);
    }
  }, most / 8).unref();
  return {
    given: (raw: ServerResponse): void => void givenAt.set(raw, performance.now()),
    have: (raw: ServerResponse): void => void givenAt.delete(raw),
    close: () => clearInterval(look),
  };
}
