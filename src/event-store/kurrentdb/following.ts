/**
 * Follows the log through one subscription after another: the client's own never reconnects. Texts are written just
 * before their record, so they come by on the way and need not be asked for, unless an erasure has touched them.
 */
import { setImmediate as afterOthers, setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { type StoredEvent, StoreUnavailable } from '../port.js';
import { type Cluster, jittered, lastingError, type Patience, type Recorded } from './cluster.js';
import { placeOf, type Reading, recordPrefix } from './reading.js';
import { type Entry, lastEdition, textPrefix } from './texts.js';

/** Events in a batch. */
const most = 256;
/** Bytes of texts kept until their record comes by. */
const mostBytes = 32 * 1024 * 1024;

interface Batch {
  events: StoredEvent[];
  caughtUp: boolean;
}

/**
 * Every event after `after`, once and in order, until `signal` aborts. `touched`: the text streams that an erasure has
 * rewritten; what the log still shows of those may be words that are gone.
 */
export async function* follow(
  cluster: Cluster,
  reading: Reading,
  touched: () => Promise<ReadonlySet<string>>,
  patience: Patience,
  after: string,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  let position = after;
  let wasCaughtUp = false;
  const { firstWait, longestWait } = patience;
  for (let wait = firstWait; !signal.aborted; wait = Math.min(wait * 2, longestWait)) {
    const subscription = subscribe(cluster, position, patience.call, signal);
    try {
      const passing = passingTexts(await touched());
      for await (const { events, caughtUp } of subscription.batches()) {
        const records = passing.take(events);
        const stored = await reading.withTexts(records, passing.known);
        if (signal.aborted) return;
        position = stored.at(-1)?.position ?? position;
        wait = firstWait;
        if (stored.length > 0 || (caughtUp && !wasCaughtUp)) yield { events: stored, caughtUp };
        wasCaughtUp = caughtUp;
      }
    } catch (error) {
      // Lost, dropped for being slow, or not answered: all the same, the next goes on where this one has got to.
      const lasting = lastingError(error);
      if (lasting && !(lasting instanceof StoreUnavailable)) throw lasting;
    } finally {
      subscription.end();
    }
    await sleep(jittered(wait), undefined, { signal, ref: false }).catch(() => {});
  }
}

/** The texts of streams that have come by in full, as long as there is room. */
function passingTexts(touched: ReadonlySet<string>) {
  const whole = new LRUCache<string, Entry[]>({
    maxSize: mostBytes,
    sizeCalculation: (entries) => entries.reduce((sum, { text }) => sum + text.bytes.length + 200, 1),
  });
  let started: Recorded[] = [];
  return {
    known: (stream: string) => whole.get(stream),
    /** Keeps the texts, gives the records. */
    take(events: readonly Recorded[]): Recorded[] {
      return events.filter((event) => {
        if (event.streamId.startsWith(recordPrefix)) return true;
        if (touched.has(event.streamId)) return false;
        // Parts of one edition may have those of others between them; then the record asks for its own.
        if (started[0]?.streamId !== event.streamId) started = [];
        started.push(event);
        if (started[0]!.revision !== 0n) return false;
        const edition = lastEdition(started);
        if (edition) whole.set(event.streamId, edition.entries);
        return false;
      });
    },
  };
}

/** `patience`: milliseconds in which the server has to confirm it. */
function subscribe(cluster: Cluster, after: string, patience: number, signal: AbortSignal) {
  const client = cluster.connect();
  const options = {
    fromPosition: placeOf(after),
    filter: {
      filterOn: 'streamName' as const,
      prefixes: [recordPrefix, textPrefix],
      // Twice as fast as the defaults.
      maxSearchWindow: 500,
      checkpointInterval: 2,
      checkpointReached: async () => {},
    },
  };
  const subscription = client.subscribeToAll(options, { highWaterMark: most });
  let bell = Promise.withResolvers<void>();
  const ring = () => bell.resolve();
  let failure: Error | undefined;
  let taken = 0;
  /** How many will have been taken once it has caught up; what it says comes ahead of what still lies in its buffer. */
  let caughtUpAt: number | undefined;
  const unconfirmed = setTimeout(() => {
    failure ??= new Error('the server did not confirm the subscription');
    ring();
  }, patience);
  subscription.on('confirmation', () => clearTimeout(unconfirmed));
  subscription.on('readable', ring);
  subscription.on('caughtUp', () => {
    caughtUpAt = taken + subscription.readableLength;
    ring();
  });
  subscription.on('fellBehind', () => {
    caughtUpAt = undefined;
  });
  subscription.on('error', (error) => {
    failure ??= error;
    ring();
  });
  subscription.on('end', () => {
    failure ??= new Error('the server ended the subscription');
    ring();
  });
  signal.addEventListener('abort', ring);

  return {
    async *batches(): AsyncGenerator<{ events: Recorded[]; caughtUp: boolean }> {
      while (!signal.aborted) {
        bell = Promise.withResolvers<void>();
        const events: Recorded[] = [];
        const takeAll = () => {
          const before = taken;
          for (let next = subscription.read(); next !== null; next = subscription.read()) {
            taken++;
            if (next.event) events.push(next.event);
            if (events.length >= most) break;
          }
          return taken > before;
        };
        // What has arrived already makes one batch, as far as there is any.
        while (takeAll() && events.length < most) await afterOthers();
        const caughtUp = caughtUpAt !== undefined && taken >= caughtUpAt && subscription.readableLength === 0;
        if (events.length > 0 || caughtUp) yield { events, caughtUp };
        if (events.length > 0) continue;
        if (failure) throw failure;
        await bell.promise;
      }
    },
    end(): void {
      clearTimeout(unconfirmed);
      signal.removeEventListener('abort', ring);
      void client.dispose().catch(() => {});
    },
  };
}
