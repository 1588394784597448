/**
 * Who is let in: before a request is read it is known whether its credentials are good, it takes from what its address may
 * ask, and it takes a place among those that wait. And who is let go: clients that do not take their answer.
 */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../config.js';
import { countedAs, networks } from './client-address.js';
import type { Patience } from './patience.js';
import { openPlaces } from './places.js';
import { costOf, openRateLimit } from './rate-limit.js';
import { DOOR, LOG } from './tokens.js';

/** Whether the credentials of a request are good. Throws Refused where they do not open its route: its body is not read then. */
export type Door = (request: FastifyRequest) => boolean;

/** Adds its hooks; they come after those that refuse what is no request at all. */
export function admit(app: NestFastifyApplication, config: Config, { answer }: Patience): void {
  const fastify = app.getHttpAdapter().getInstance();
  const log = app.get<Logger>(LOG);
  const isKnown = app.get<Door>(DOOR);
  const rateLimit = openRateLimit(config.anonymousRate);
  const trusted = networks(config.trustedProxies);
  const places = openPlaces();
  const taken = new WeakMap<FastifyRequest, ReturnType<typeof places.take>>();
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
    const place = places.take(request, known);
    taken.set(request, place);
    reply.raw.once('close', place.leave);
    done();
  });

  // Once the body is there.
  fastify.addHook('preValidation', (request, _reply, done) => {
    taken.get(request)?.arrived();
    done();
  });

  fastify.addHook('onSend', (request, reply, payload, done) => {
    taken.get(request)?.leave();
    if (!String(reply.getHeader('content-type')).startsWith('text/event-stream')) {
      const { raw } = reply;
      const over = setTimeout(() => raw.destroy(), answer).unref();
      raw.once('close', () => clearTimeout(over));
    }
    done(null, payload);
  });
}
