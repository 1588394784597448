/**
 * How much one address may ask without a token: a bucket for each, full at first, filled again at a steady rate (the
 * generic cell rate algorithm: one number a bucket, the time at which it would be full).
 */
import { LRUCache } from 'lru-cache';
import { defineProblems, Refused } from './problem.js';

defineProblems({
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    explanation:
      'One address may ask so many times a minute without a token; comparisons, authorships, searches and time maps count as five. `Retry-After` says when to ask again. Programs that need more: ask the publisher for a token, or follow the stream of changes.',
  },
});

const minute = 60_000;
/** Addresses remembered: those that ask most are the last to be forgotten. Some ten megabytes. */
const mostAddresses = 50_000;
const dear = 5;

/** What takes long, by its route and query. */
export const costOf = (route: string | undefined, query: unknown): number =>
  (route !== undefined && /\/(compare\/:|authorship$|timemap\/)/.test(route)) ||
  (query as { q?: unknown } | undefined)?.q !== undefined
    ? dear
    : 1;

/** `perMinute`: requests, 0 for no limit. `clock`: milliseconds, never going back. */
export function openRateLimit(perMinute: number, clock: () => number = () => performance.now()) {
  const fullAt = new LRUCache<string, number>({ max: mostAddresses });
  const each = minute / perMinute;
  return {
    /** Takes from the bucket of `address`. Throws Refused `too-many-requests` when there is not so much in it. */
    take(address: string, cost: number): void {
      if (perMinute === 0) return;
      const now = clock();
      // Never more than a bucket holds, or it could not be had at all.
      const full = Math.max(now, fullAt.get(address) ?? 0) + Math.min(cost, perMinute) * each;
      if (full - now <= minute + 1e-6) return void fullAt.set(address, full);
      const seconds = String(Math.ceil((full - now - minute) / 1000));
      throw new Refused(
        { code: 'too-many-requests', detail: `One address may ask ${perMinute} times a minute.`, perMinute },
        // draft-ietf-httpapi-ratelimit-headers-10. Only here: caches would give others the numbers of one.
        {
          'retry-after': seconds,
          'ratelimit-policy': `"anonymous";q=${perMinute};w=60`,
          ratelimit: `"anonymous";r=0;t=${seconds}`,
        },
      );
    },
  };
}
