/** Load on a service over HTTP: as much as it takes, or at a steady rate whatever becomes of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon, { type Request } from 'autocannon';

export interface Asked {
  connections: number;
  seconds: number;
  /** The next request, over and over. */
  next(): Request;
}

/** Answers a second, every connection asking again as soon as it is answered. Throws where one is no success. */
export async function closedLoop(url: string, { connections, seconds, next }: Asked): Promise<number> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: [{ setupRequest: (request) => ({ ...request, ...next() }) }],
  });
  const failed = result.non2xx + result.errors + result.timeouts;
  if (failed > 0) throw new Error(`${failed} of ${result.requests.total} requests to ${url} failed`);
  return result['2xx'] / result.duration;
}

/**
 * Milliseconds of each of the requests sent at a steady rate, counted from when it was due: one that could not be sent in
 * time because others were slow is slow as well.
 */
export async function openLoop(perSecond: number, seconds: number, ask: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  const asked: Promise<unknown>[] = [];
  const start = performance.now();
  for (let n = 0; n < perSecond * seconds; n++) {
    const due = start + (n * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 1) await sleep(early);
    asked.push(ask().then(() => times.push(performance.now() - due)));
  }
  await Promise.all(asked);
  return times;
}
