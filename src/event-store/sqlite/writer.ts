/**
 * The thread that writes. It takes requests in batches and makes each run of appends one commit; within it every append
 * has a savepoint and a check of its own, so that one which fails leaves its neighbours alone.
 */
import type { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { RefusalCode } from '../port.js';
import { eventsFile, lock, openForWriting, openingError, storeError, timeout, watchPlaces } from './files.js';
import { pack } from './packing.js';
import * as sql from './statements.js';

export interface AppendRequest {
  append: { id: Uint8Array; record: Uint8Array; texts: { name: string; key: Uint8Array; bytes: Uint8Array }[] }[];
  stream: string;
  expected: number;
}
export interface EraseRequest {
  erase: readonly { revision: number; name: string }[];
  stream: string;
}
export type Request = AppendRequest | EraseRequest;

export interface Failure {
  failed: string;
  /** Of StoreRefused; absent for StoreUnavailable. */
  code?: RefusalCode;
}
export type Outcome =
  /** Position of the first of the events, which follow one another. */
  { written: number } | { alreadyWritten: true } | { actual: number } | { erased: true } | Failure;

/** Of a list of requests: an outcome each, and how long the commits took that it needed, in seconds. */
export interface Done {
  outcomes: Outcome[];
  syncs: number[];
}
/** First `{opened: true}` or a Failure; then one of these for each list of requests. */
export type Message = { opened: true } | Failure | Done;

const { directory } = workerData as { directory: string };

function failure(error: unknown, read = storeError): Failure {
  const known = read(error, directory);
  return { failed: known.message, ...('code' in known && { code: known.code }) };
}

/** How long an erasure waits for readers to let go of the write-ahead log, in milliseconds. */
const patience = 50;
const SQLITE_CONSTRAINT_UNIQUE = 2067;

function writerOn(database: DatabaseSync) {
  const findStream = database.prepare(sql.streams.find);
  const addStream = database.prepare(sql.streams.add);
  const lastRevision = database.prepare(sql.events.lastRevision);
  const idsFrom = database.prepare(sql.events.idsFrom);
  const addEvent = database.prepare(sql.events.add);
  const addText = database.prepare(sql.texts.add);
  const eraseText = database.prepare(sql.texts.erase);
  const emptyWal = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)');

  let syncs: number[] = [];
  function inTransaction<T>(act: () => T): T {
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = act();
      const began = performance.now();
      database.exec('COMMIT');
      syncs.push((performance.now() - began) / 1000);
      return result;
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  function append({ stream, expected, append: events }: AppendRequest): Outcome {
    const found = findStream.get(stream)?.number as number | undefined;
    const actual = found === undefined ? -1 : (lastRevision.get(found)!.revision as number);
    if (actual !== expected) {
      const ids = found === undefined ? [] : idsFrom.all(found, expected + 1, events.length);
      const same =
        ids.length === events.length && ids.every(({ id }, i) => Buffer.compare(id as Buffer, events[i]!.id) === 0);
      return same ? { alreadyWritten: true } : { actual };
    }
    database.exec('SAVEPOINT append');
    try {
      const number = found ?? addStream.run(stream).lastInsertRowid;
      let first = 0;
      events.forEach(({ id, record, texts }, index) => {
        const position = addEvent.run(number, expected + 1 + index, id, pack(record, 'record'))
          .lastInsertRowid as number;
        if (index === 0) first = position;
        for (const { name, key, bytes } of texts) addText.run(position, name, key, pack(bytes, 'text'));
      });
      database.exec('RELEASE append');
      return { written: first };
    } catch (error) {
      if (!database.isTransaction) throw error; // SQLite has undone the whole commit: disk full, out of memory, …
      database.exec('ROLLBACK TO append; RELEASE append');
      return (error as { errcode?: number }).errcode === SQLITE_CONSTRAINT_UNIQUE ? { actual } : failure(error);
    }
  }

  function appendAll(requests: AppendRequest[]): Outcome[] {
    try {
      return inTransaction(() => requests.map(append));
    } catch (error) {
      return requests.map(() => failure(error));
    }
  }

  function erase({ stream, erase: texts }: EraseRequest): Outcome {
    try {
      inTransaction(() => {
        for (const { revision, name } of texts) eraseText.run(name, stream, revision);
      });
      // Whoever reads an old snapshot keeps the words in the write-ahead log. Appends are not kept waiting for that.
      database.exec(`PRAGMA busy_timeout = ${patience}`);
      // The zeros are in the main file, and the write-ahead log that held the words is empty, once this succeeds.
      if (emptyWal.get()!.busy !== 0) return { failed: 'erased, but another reader still holds the write-ahead log' };
      return { erased: true };
    } catch (error) {
      return failure(error);
    } finally {
      database.exec(`PRAGMA busy_timeout = ${timeout}`);
    }
  }

  function carryOut(requests: Request[]): Outcome[] {
    const outcomes: Outcome[] = [];
    syncs = [];
    for (let i = 0; i < requests.length; ) {
      const request = requests[i]!;
      if ('erase' in request) {
        outcomes.push(erase(request));
        i++;
        continue;
      }
      const next = requests.findIndex((other, at) => at > i && 'erase' in other);
      const end = next < 0 ? requests.length : next;
      outcomes.push(...appendAll(requests.slice(i, end) as AppendRequest[]));
      i = end;
    }
    return outcomes;
  }

  const isInPlace = watchPlaces(directory);
  const gone: Failure = {
    failed: `${eventsFile(directory)} is not where it was opened: deleted, moved, or another one put in its place. Nothing is acknowledged. Put it back as it was; if it is deleted, process ${process.pid} still has it open: do not stop it before you have copied the files.`,
  };
  return (requests: Request[]): Done => {
    const outcomes = isInPlace() ? carryOut(requests) : [];
    // Again, so that what is acknowledged has been where others find it.
    return { outcomes: isInPlace() && outcomes.length > 0 ? outcomes : requests.map(() => gone), syncs };
  };
}

function run(port: NonNullable<typeof parentPort>): void {
  const say = (message: Message) => port.postMessage(message);
  let held: DatabaseSync | undefined;
  try {
    held = lock(directory);
    const database = openForWriting(directory);
    const write = writerOn(database);
    port.on('message', (requests: Request[] | 'close') => {
      if (requests !== 'close') return say(write(requests));
      database.close();
      held?.close();
      port.close();
    });
    say({ opened: true });
  } catch (error) {
    held?.close();
    say(failure(error, openingError));
    port.close();
  }
}

if (parentPort) run(parentPort);
