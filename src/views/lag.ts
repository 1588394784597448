/** How far behind the log a node's views are: how long ago the oldest event was recorded that they do not have. */
import type { Log } from '../event-store/log.js';
import { msOf } from '../story/instant.js';
import type { Views } from './views.js';

/** How long the log may take to say, in milliseconds. */
const patience = 1_000;

/**
 * Gives the lag in milliseconds, 0 for none. While the log does not answer, it is counted from when it last was none.
 * `clock`: milliseconds since 1970.
 */
export function lagOf(log: Log, views: Pick<Views, 'state'>, clock: () => number): () => Promise<number> {
  let lastNone = clock();

  async function measure(): Promise<number> {
    const head = await log.head();
    const { position } = views.state();
    if (position >= head) return 0;
    const [missing] = await log.readAll(position, 1);
    return missing ? Math.max(1, clock() - msOf(missing.metadata.recordedAt)) : 0;
  }

  return async () => {
    const over = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => over.resolve(undefined), patience);
    const lag = await Promise.race([measure().catch(() => undefined), over.promise]);
    clearTimeout(timer);
    if (lag === 0) lastNone = clock();
    return lag ?? Math.max(1, clock() - lastNone);
  };
}
