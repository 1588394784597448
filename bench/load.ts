/** Load on a service over HTTP: as much as it takes, or at a steady rate whatever becomes of it. */
import { Agent, request } from 'node:http';
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

export interface Question {
  path: string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
}

/** Requests on connections that are kept: each gives its status once the whole answer has come; a refusal is told as well. */
export function asking(url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  return {
    ask: ({ path, method = 'GET', headers = {}, body }: Question) =>
      new Promise<number>((resolve, reject) => {
        const asked = request(new URL(path, url), { agent, method, headers }, (response) => {
          const { statusCode = 0 } = response;
          if (statusCode >= 400) response.setEncoding('utf8').on('data', (text) => console.error(path, text));
          else response.resume();
          response.on('end', () => resolve(statusCode));
        });
        asked.on('error', reject);
        asked.end(body);
      }),
    close: () => agent.destroy(),
  };
}
