/**
 * The event store on SQLite: one file in a folder, one thread that writes it (writer.ts), reads on the calling thread by a
 * connection of their own. Appends that queue while a commit runs share the next one. Nothing here polls: subscriptions
 * are woken by this process's own commits, which are the only ones there can be, and handed what was appended.
 */
import { mkdirSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as afterOthers } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { parse, stringify } from 'uuid';
import {
  beginning,
  type EventStore,
  type SealedEvent,
  type SealedText,
  type StoredEvent,
  type StoredRecord,
  StoreRefused,
  StoreUnavailable,
  WrongExpectedRevision,
} from '../port.js';
import { exists, openForReading, openingError, storeError } from './files.js';
import { unpack } from './packing.js';
import * as sql from './statements.js';
import type { AppendRequest } from './writer.js';
import { startWriter, type Writer } from './writing-thread.js';

export interface SqliteStoreOptions {
  /**
   * For reading beside a running service, or without one: takes no lock and changes nothing. Appends and erasures are
   * refused; a subscription gives what is there when asked and then waits for ever, since nobody tells it of commits.
   */
  readOnly?: boolean;
  /** Told how long each commit took, in seconds. */
  onSync?: (seconds: number) => void;
}

/** Events fetched at a time. */
const page = 128;
/** Streams whose end is kept in mind. */
const mostTips = 100_000;
/** Events given to a follower at a time, while it is behind. */
const followed = 512;
/** Positions are rowids, padded so that they sort as strings. */
const positionOf = (rowid: number): string => String(rowid).padStart(16, '0');
function rowidOf(position: string): number {
  if (position === beginning) return 0;
  if (!/^\d{16}$/.test(position)) throw new RangeError(`"${position}" is not a position of this store`);
  return Number(position);
}

/**
 * Opens the store in `directory`, which is made (for its owner only) if it is not there. Throws StoreRefused, or
 * StoreUnavailable when the disk fails.
 */
export async function openSqliteStore(directory: string, options: SqliteStoreOptions = {}): Promise<EventStore> {
  let writer: Writer | undefined;
  try {
    if (options.readOnly) {
      if (!exists(directory)) throw new StoreRefused('no-access', `there is no event store in ${directory}`);
    } else {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      exists(directory);
      writer = await startWriter(directory, options.onSync);
    }
    return storeOn(directory, openForReading(directory), writer);
  } catch (error) {
    await writer?.close();
    throw openingError(error, directory);
  }
}

function storeOn(directory: string, database: DatabaseSync, writer: Writer | undefined): EventStore {
  const eventsOfStream = database.prepare(sql.events.ofStream);
  const eventsOfLog = database.prepare(sql.events.ofLog);
  const textsOfEvents = database.prepare(sql.texts.ofEvents);
  const textRemains = database.prepare(sql.texts.remains);
  const lastPosition = database.prepare(sql.events.lastPosition);
  const followers = new Set<Follower>();
  /** The last revision of streams to which the last append was made here, and nobody appends now: nobody else writes. */
  const tips = new LRUCache<string, number>({ max: mostTips });
  let closed: Promise<void> | undefined;

  function reading<T>(read: () => T): T {
    if (!database.isOpen) throw new StoreUnavailable('the event store is closed');
    try {
      return read();
    } catch (error) {
      if (error instanceof RangeError) throw error;
      throw storeError(error, directory);
    }
  }

  function writing(): Writer {
    if (closed) throw new StoreUnavailable('the event store is closed');
    if (!writer) throw new StoreUnavailable('the event store is open for reading only');
    return writer;
  }

  const recordsOf = (stream: string, from: number, limit: number): StoredRecord[] =>
    reading(() => (from > (tips.get(stream) ?? from) ? [] : eventsOfStream.all(stream, from, limit).map(recordFrom)));

  function withTexts(records: StoredRecord[]): StoredEvent[] {
    const texts = new Map(records.map(({ position }) => [Number(position), [] as SealedText[]]));
    for (const { event, name, key, bytes } of reading(() => textsOfEvents.all(JSON.stringify([...texts.keys()]))))
      texts
        .get(event as number)!
        .push({ name: name as string, key: key as Uint8Array, bytes: unpack(bytes as Uint8Array) });
    return records.map((record) => ({ ...record, texts: texts.get(Number(record.position))! }));
  }

  async function* readRecords(stream: string, from = 0): AsyncIterable<StoredRecord> {
    for (let next = from; ; await afterOthers()) {
      const records = recordsOf(stream, next, page);
      yield* records;
      if (records.length < page) return;
      next = records.at(-1)!.revision + 1;
    }
  }

  async function* readStream(stream: string, from = 0): AsyncIterable<StoredEvent> {
    for (let next = from; ; await afterOthers()) {
      const records = recordsOf(stream, next, page);
      yield* withTexts(records);
      if (records.length < page) return;
      next = records.at(-1)!.revision + 1;
    }
  }

  async function readAll(after: string, limit: number): Promise<StoredEvent[]> {
    return withTexts(reading(() => eventsOfLog.all(rowidOf(after), limit).map(recordFrom)));
  }

  async function* subscribe(after: string, signal: AbortSignal) {
    let bell = Promise.withResolvers<void>();
    const follower: Follower = { news: [], ring: () => bell.resolve() };
    followers.add(follower);
    signal.addEventListener('abort', follower.ring);
    try {
      let position = after;
      let caughtUp = false;
      while (!signal.aborted && !closed) {
        bell = Promise.withResolvers<void>();
        const handed = directlyBehind(position, follower.news.splice(0));
        const events = handed.length > 0 ? handed : await readAll(position, followed);
        const wasCaughtUp = caughtUp;
        caughtUp = events.length < followed;
        position = events.at(-1)?.position ?? position;
        if (events.length > 0 || !wasCaughtUp) yield { events, caughtUp };
        await (caughtUp ? bell.promise : afterOthers());
      }
    } finally {
      followers.delete(follower);
      signal.removeEventListener('abort', follower.ring);
    }
  }

  function hand(stored: readonly StoredEvent[]): void {
    for (const { news, ring } of followers) {
      if (news.length < followed) news.push(...stored);
      ring();
    }
  }

  return {
    async append(stream, expected, events) {
      tips.delete(stream);
      const outcome = await writing().write({ stream, expected, append: packed(events) });
      if ('actual' in outcome) throw new WrongExpectedRevision(stream, expected, outcome.actual);
      if (!('written' in outcome)) return withTexts(recordsOf(stream, expected + 1, events.length));
      const stored = events.map((event, index) => ({
        ...event,
        stream,
        revision: expected + 1 + index,
        position: positionOf(outcome.written + index),
      }));
      tips.set(stream, expected + events.length);
      hand(stored);
      return stored;
    },
    readStream,
    readRecords,
    readAll,
    subscribe,
    head: async () => {
      const last = reading(() => lastPosition.get()!.position as number | null);
      return last === null ? beginning : positionOf(last);
    },
    async erase(stream, texts) {
      await writing().write({ stream, erase: texts });
      for (const { news } of followers) news.length = 0; // they would hold the words
    },
    remaining: async (stream, texts) =>
      texts.filter(({ revision, name }) => reading(() => textRemains.get(name, stream, revision)) !== undefined),
    close() {
      const finish = async () => {
        await writer?.idle();
        database.close();
        hand([]);
        await writer?.close(); // last: the last connection to close folds the write-ahead log in, if it may write
      };
      closed ??= finish();
      return closed;
    },
  };
}

/** Someone who follows the log. */
interface Follower {
  /** Appended here since it last looked, as far as it was kept for it. */
  news: StoredEvent[];
  ring(): void;
}

/** Those of the news that are behind a position; none where one is missing in between. */
function directlyBehind(position: string, news: readonly StoredEvent[]): StoredEvent[] {
  const fresh = news.filter((event) => event.position > position);
  const inOrder = fresh.every((event, index) => rowidOf(event.position) === rowidOf(position) + 1 + index);
  return inOrder ? fresh : [];
}

function recordFrom(row: Record<string, unknown>): StoredRecord {
  return {
    stream: row.stream as string,
    revision: row.revision as number,
    position: positionOf(row.position as number),
    id: stringify(row.id as Uint8Array),
    record: unpack(row.record as Uint8Array),
  };
}

/**
 * As it is posted to the thread: all bytes in one buffer of their own. What is posted of a view is the buffer under it,
 * and each buffer costs more than the bytes in it.
 */
function packed(events: readonly SealedEvent[]): AppendRequest['append'] {
  const ids = events.map(({ id }) => parse(id));
  const parts = events.flatMap(({ record, texts }) => [record, ...texts.flatMap(({ key, bytes }) => [key, bytes])]);
  const whole = new Uint8Array([...ids, ...parts].reduce((length, part) => length + part.length, 0));
  let end = 0;
  const put = (bytes: Uint8Array): Uint8Array => {
    whole.set(bytes, end);
    end += bytes.length;
    return whole.subarray(end - bytes.length, end);
  };
  return events.map(({ record, texts }, index) => ({
    id: put(ids[index]!),
    record: put(record),
    texts: texts.map(({ name, key, bytes }) => ({ name, key: put(key), bytes: put(bytes) })),
  }));
}
