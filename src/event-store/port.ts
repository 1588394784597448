/**
 * What an event store promises (held by `test/event-store/conformance.ts`, which every adapter must pass in full). Events cross it sealed:
 * a *record* of facts and commitments, kept byte for byte for ever, and beside it each text with its key, which can be
 * erased. The store never looks inside either.
 */

export interface SealedText {
  name: string;
  /** 32 random bytes under which the record's commitment to this text was made. */
  key: Uint8Array;
  /** RFC 8785 JSON of the text, UTF-8. */
  bytes: Uint8Array;
}

export interface SealedRecord {
  /** A UUID; the writer gives each event of a stream its own. */
  id: string;
  /** RFC 8785 bytes; see sealing.ts. */
  record: Uint8Array;
}

export interface SealedEvent extends SealedRecord {
  /** In no order that means anything; each name once. */
  texts: SealedText[];
}

export interface Place {
  stream: string;
  /** Index in the stream, from 0, without gaps. */
  revision: number;
  /** Place in the whole log: opaque, increasing as strings do (fixed width). */
  position: string;
}

export type StoredRecord = SealedRecord & Place;
export type StoredEvent = SealedEvent & Place;

/** Before the first event. */
export const beginning = '';

/** The stream is not where the writer thought. Nothing was written. */
export class WrongExpectedRevision extends Error {
  override name = 'WrongExpectedRevision';
  readonly stream: string;
  readonly expected: number;
  /** -1: no such stream. */
  readonly actual: number;
  constructor(stream: string, expected: number, actual: number) {
    super(
      actual === expected
        ? `stream ${stream} already has one of these events at another place`
        : `stream ${stream} is at revision ${actual}, not ${expected}`,
    );
    this.stream = stream;
    this.expected = expected;
    this.actual = actual;
  }
}

/** The store can't do it now and wrote nothing, or can't say whether it did; asking again with the same ids is safe. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable';
}

/**
 * The store will not open: not ours, newer than this program, damaged, in use, out of reach. The message says what to do.
 * `damaged` is also thrown while running, by whatever meets the damage.
 */
export class StoreRefused extends Error {
  override name = 'StoreRefused';
  readonly code: RefusalCode;
  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}
export type RefusalCode = 'not-ours' | 'newer' | 'damaged' | 'in-use' | 'no-access' | 'too-large';

export interface EventStore {
  /**
   * All of `events` at `expected` + 1, or nothing. `expected` is the stream's last revision, -1 for none. The same ids
   * again at the same place succeed and return what is stored: the keys and texts of the first time (or what an erasure
   * has left of them), whatever comes with the ids now. Don't send ids of the stream's earlier events at its tip: one
   * store refuses that as WrongExpectedRevision, another writes them again. At least one event.
   * Throws WrongExpectedRevision, StoreUnavailable or StoreRefused (`damaged`; `too-large` for records that are more than
   * the store takes at once).
   */
  append(stream: string, expected: number, events: readonly SealedEvent[]): Promise<StoredEvent[]>;
  /** From `from` on, in order; nothing for a missing stream or past its end. */
  readStream(stream: string, from?: number): AsyncIterable<StoredEvent>;
  /** The same without texts, for those who only fold facts or check the chain. */
  readRecords(stream: string, from?: number): AsyncIterable<StoredRecord>;
  /** The whole log after `position`, in order, at most `limit` events. */
  readAll(after: string, limit: number): Promise<StoredEvent[]>;
  /**
   * Every event after `position`, each once and in order, first those there are and then those to come, in batches.
   * `caughtUp` is true on a batch (an empty one too) when nothing more was there at that moment. Ends when `signal`
   * aborts or the store is closed; survives a lost server.
   */
  subscribe(after: string, signal: AbortSignal): AsyncIterable<{ events: StoredEvent[]; caughtUp: boolean }>;
  /** Position of the newest event, `beginning` for none. */
  head(): Promise<string>;
  /**
   * Removes these texts and their keys, so that no byte of them stays in the store's files, or none but what the store's
   * own housekeeping takes (see `lingering`) and nobody is given any more. Idempotent: what is not there is passed over.
   * Throws StoreUnavailable when bytes may still be there: ask again.
   */
  erase(stream: string, texts: readonly { revision: number; name: string }[]): Promise<void>;
  /** Which of these texts are still to be read here. One that is not may yet have bytes in a file: `erase` alone answers for those. */
  remaining<T extends { revision: number; name: string }>(stream: string, texts: readonly T[]): Promise<T[]>;
  /**
   * Which of these erased texts have bytes that only housekeeping takes from the store's files, as far as it can tell.
   * Absent where erasing takes them all.
   */
  lingering?<T extends { revision: number; name: string }>(stream: string, texts: readonly T[]): Promise<T[]>;
  /** Finishes what has been asked for, then lets go of everything. Asked again: nothing happens. */
  close(): Promise<void>;
}
