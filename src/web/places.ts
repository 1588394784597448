/**
 * How much waits here at once, counted by hand: requests that have no answer yet, and the bytes of their bodies. What is
 * too much is refused before it is read.
 */
import type { FastifyRequest } from 'fastify';
import { limits } from '../content/limits.js';
import { defineProblems, Refused } from './problem.js';

defineProblems({
  overloaded: {
    status: 503,
    title: 'Too much waits here already',
    explanation:
      'As many requests as this node takes at once have no answer yet. Nothing was done for this one: ask again, a little later.',
  },
});

/** Bytes of bodies of those whose token or session is good, and of all others. */
export const mostAtOnce = { requests: 1_000, known: 128 * 1024 * 1024, unknown: 16 * 1024 * 1024 };

/** Below this a body costs no more than its request. */
const small = 4_096;

export function openPlaces(most = mostAtOnce) {
  let waiting = 0;
  const bytes = { known: 0, unknown: 0 };

  const refuse = (detail: string) => new Refused({ code: 'overloaded', detail }, { 'retry-after': '1' });
  const refuseMore = () => {
    if (waiting >= most.requests) throw refuse(`${most.requests} requests wait for their answers.`);
  };

  return {
    /** Requests that have no answer yet. */
    waiting: () => waiting,
    /**
     * A place for a request until `leave` is called. While its body comes, which is up to who sends it, that takes nothing
     * but its bytes; `arrived` makes it one of those that wait. Both throw Refused `overloaded`.
     */
    take(request: Pick<FastifyRequest, 'headers'>, isKnown: boolean): { arrived(): void; leave(): void } {
      const whose = isKnown ? 'known' : 'unknown';
      const size = sizeOf(request);
      refuseMore();
      if (size > 0 && bytes[whose] + size > most[whose]) {
        throw refuse(`Bodies of ${most[whose] / 1024 / 1024} MiB are being read and worked on.`);
      }
      bytes[whose] += size;
      let stage: 'coming' | 'waiting' | 'left' = 'coming';
      return {
        arrived() {
          if (stage !== 'coming') return;
          refuseMore();
          waiting++;
          stage = 'waiting';
        },
        leave() {
          if (stage === 'left') return;
          if (stage === 'waiting') waiting--;
          bytes[whose] -= size;
          stage = 'left';
        },
      };
    },
  };
}

/** Of a body without a length, the most it may have. */
function sizeOf({ headers }: Pick<FastifyRequest, 'headers'>): number {
  if (headers['transfer-encoding'] !== undefined) return limits.requestBytes;
  const length = Math.min(Number(headers['content-length'] ?? 0), limits.requestBytes);
  return length > small ? length : 0;
}
