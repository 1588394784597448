/**
 * The event store on a KurrentDB cluster. A record lies in its story's stream; the texts that came with it lie in a
 * stream of their own, written first, which the KurrentDB metadata of the record names. The record's append is the commit.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { binaryEvent } from '@kurrent/kurrentdb-client';
import { LRUCache } from 'lru-cache';
import {
  beginning,
  type EventStore,
  type SealedEvent,
  type StoredEvent,
  type StoredRecord,
  StoreUnavailable,
  WrongExpectedRevision,
} from '../port.js';
import { openCluster, type Patience, type Recorded, patience as usualPatience } from './cluster.js';
import { erasingFrom, grace } from './erasing.js';
import { follow } from './following.js';
import { placeOf, positionOf, readingFrom, recordOf, recordPrefix } from './reading.js';
import { editionOf, entriesOf, newTextStream, textPlaceOf } from './texts.js';

export interface KurrentStoreOptions {
  /** For commands beside a service: appends and erasures are refused, nothing is swept. */
  readOnly?: boolean;
  /** Milliseconds since 1970. */
  clock?: () => number;
  patience?: Partial<Patience>;
}

export interface KurrentStore extends EventStore {
  lingering: NonNullable<EventStore['lingering']>;
  /** Empties text streams that no record names, once they are an hour old; says how many. Done every hour by itself. */
  sweep(): Promise<number>;
}

/** Milliseconds from opening to the first sweep, and from each to the next. */
const [firstSweep, nextSweep] = [5 * 60_000, grace];

/**
 * `address`: a connection string, `kurrentdb://…`. Waits for the cluster's first answer; throws StoreUnavailable where
 * there is none, StoreRefused where it refuses.
 */
export async function openKurrentStore(address: string, options: KurrentStoreOptions = {}): Promise<KurrentStore> {
  const { readOnly = false, clock = Date.now } = options;
  const patience = { ...usualPatience, ...options.patience };
  const cluster = openCluster(address, patience);
  const reading = readingFrom(cluster);
  const erasing = erasingFrom(cluster, reading);
  const closing = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  const turns = new Map<string, Promise<void>>();
  /** The least that the last revision of a stream can be. */
  const tips = new LRUCache<string, number>({ max: 10_000 });
  let closed: Promise<void> | undefined;

  function open(): void {
    if (closed) throw new StoreUnavailable('the event store is closed');
  }

  /** `close` waits for it. */
  async function writing<T>(work: () => Promise<T>): Promise<T> {
    open();
    if (readOnly) throw new StoreUnavailable('the event store is open for reading only');
    const written = work();
    underWay.add(written);
    const done = () => underWay.delete(written);
    written.then(done, done);
    return written;
  }

  async function writeTexts(events: readonly SealedEvent[]): Promise<string | undefined> {
    const entries = entriesOf(events);
    if (entries.length === 0) return undefined;
    const stream = newTextStream();
    let expected = -1;
    for (const part of editionOf(entries)) await cluster.append(stream, expected++, [part]);
    return stream;
  }

  /** Appends to one stream go one after the other: of those at the same place only the first would get through. */
  function inTurn<T>(stream: string, work: () => Promise<T>): Promise<T> {
    const asked = performance.now();
    const mine = (turns.get(stream) ?? Promise.resolve()).then(() => {
      if (performance.now() - asked > patience.call)
        throw new StoreUnavailable('too many appends wait for this stream');
      return work();
    });
    const settled = mine.then(
      () => {},
      () => {},
    );
    turns.set(stream, settled);
    void settled.then(() => turns.get(stream) === settled && turns.delete(stream));
    return mine;
  }

  /** What is at `expected` + 1 if it is these events; else throws. Only for a stream that is known to be longer. */
  async function asStored(stream: string, expected: number, events: readonly SealedEvent[]): Promise<StoredEvent[]> {
    const stored = await reading.ofStream(stream, expected + 1, events.length);
    if (isSame(stored, events)) return reading.withTexts(stored);
    const last = await reading.lastOf(stream);
    throw new WrongExpectedRevision(stream, expected, last ? Number(last.revision) : -1);
  }

  async function append(stream: string, expected: number, events: readonly SealedEvent[]): Promise<StoredEvent[]> {
    // So that no texts are written for an append that has lost already.
    if ((tips.get(stream) ?? -1) > expected) return asStored(stream, expected, events);
    const began = performance.now();
    const texts = await writeTexts(events);
    const records = events.map(({ id, record, texts: { length } }, event) =>
      binaryEvent({ id, type: 'record', data: record, ...(length > 0 && { metadata: { texts, event } }) }),
    );
    // A process held up for longer than texts without a record are left alone may find them gone.
    const mayStill = () => performance.now() - began < grace / 2;
    await cluster.append(stream, expected, records, mayStill).catch((error) => {
      if (error instanceof WrongExpectedRevision) tips.set(stream, error.actual);
      throw error;
    });
    tips.set(stream, expected + events.length);
    // The server does not tell what it wrote from what it knew already; only what lies there does.
    const stored = await reading.ofStream(stream, expected + 1, events.length);
    if (!isSame(stored, events)) {
      throw new StoreUnavailable(`what was written to ${stream} cannot be read back`);
    }
    const isOurs = stored.every(
      (event, index) => textPlaceOf(event)?.texts === (events[index]!.texts.length > 0 ? texts : undefined),
    );
    if (!isOurs) return reading.withTexts(stored);
    return stored.map((event, index) => ({ ...recordOf(event), texts: events[index]!.texts }));
  }

  async function* readStream(stream: string, from = 0): AsyncIterable<StoredEvent> {
    open();
    for await (const events of reading.pagesOf(stream, from)) yield* await reading.withTexts(events);
  }

  async function* readRecords(stream: string, from = 0): AsyncIterable<StoredRecord> {
    open();
    for await (const events of reading.pagesOf(stream, from)) yield* events.map(recordOf);
  }

  async function readAll(after: string, limit: number): Promise<StoredEvent[]> {
    open();
    const from = placeOf(after);
    // The position itself is included.
    const events = await reading.ofLog(from, limit + 1, { prefixes: [recordPrefix] });
    return reading.withTexts(events.filter((event) => positionOf(event) > after).slice(0, limit));
  }

  async function head(): Promise<string> {
    open();
    const [last] = await reading.ofLog('end', 1, { direction: 'backwards', prefixes: [recordPrefix] });
    return last ? positionOf(last) : beginning;
  }

  async function* subscribe(after: string, signal: AbortSignal) {
    const ended = AbortSignal.any([signal, closing.signal]);
    if (!ended.aborted) yield* follow(cluster, reading, erasing.rewritten, patience, after, ended);
  }

  const sweep = () => writing(() => erasing.sweep(clock()));
  async function sweepNowAndThen(): Promise<void> {
    const { signal } = closing;
    for (let wait = firstSweep; !signal.aborted; wait = nextSweep) {
      await sleep(wait * (0.75 + Math.random() / 2), undefined, { signal, ref: false }).catch(() => {});
      if (!signal.aborted) await sweep().catch(() => {}); // the next time will do
    }
  }

  try {
    await head();
  } catch (error) {
    cluster.close();
    throw error;
  }
  if (!readOnly) void sweepNowAndThen();

  return {
    append: (stream, expected, events) => writing(() => inTurn(stream, () => append(stream, expected, events))),
    readStream,
    readRecords,
    readAll,
    subscribe,
    head,
    erase: (stream, texts) => writing(() => erasing.erase(stream, texts)),
    async remaining(stream, texts) {
      open();
      return erasing.remaining(stream, texts);
    },
    async lingering(stream, texts) {
      open();
      return erasing.lingering(stream, texts);
    },
    sweep,
    close() {
      const finish = async () => {
        closing.abort();
        await Promise.allSettled(underWay);
        cluster.close();
      };
      closed ??= finish();
      return closed;
    },
  };
}

const isSame = (stored: readonly Recorded[], events: readonly SealedEvent[]) =>
  stored.length === events.length && events.every(({ id }, index) => stored[index]!.id === id);
