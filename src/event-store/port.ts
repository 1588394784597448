/**
 * What an event store promises (held by `conformance.ts`, which every adapter must pass in full). Events cross it sealed:
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

export interface SealedEvent {
  /** A UUID; unique in the stream. */
  id: string;
  /** RFC 8785 bytes; see sealing.ts. */
  record: Uint8Array;
  texts: SealedText[];
}

export interface StoredEvent extends SealedEvent {
  stream: string;
  /** Index in the stream, from 0, without gaps. */
  revision: number;
  /** Place in the whole log: opaque, increasing as strings do (fixed width). */
  position: string;
}

/** Before the first event. */
export const beginning = '';

/** The stream is not where the writer thought. Nothing was written. */
export class WrongExpectedRevision extends Error {
  override name = 'WrongExpectedRevision';
  constructor(
    readonly stream: string,
    readonly expected: number,
    /** -1: no such stream. */
    readonly actual: number,
  ) {
    super(`stream ${stream} is at revision ${actual}, not ${expected}`);
  }
}

/** The store can't do it now and wrote nothing, or can't say whether it did; asking again with the same ids is safe. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable';
}

/** The store will not open: not ours, newer than this program, damaged, in use. The message says what to do. */
export class StoreRefused extends Error {
  override name = 'StoreRefused';
  constructor(
    readonly code: 'not-ours' | 'newer' | 'damaged' | 'in-use' | 'no-access',
    message: string,
  ) {
    super(message);
  }
}

export interface EventStore {
  /**
   * All of `events` at `expected` + 1, or nothing. `expected` is the stream's last revision, -1 for none. The same ids
   * again at the same place succeed and return what is stored: the keys and texts of the first time.
   * Throws WrongExpectedRevision or StoreUnavailable.
   */
  append(stream: string, expected: number, events: readonly SealedEvent[]): Promise<StoredEvent[]>;
  /** From `from` on, in order; nothing for a missing stream or past its end. */
  readStream(stream: string, from?: number): AsyncIterable<StoredEvent>;
  /** The whole log after `position`, in order, at most `limit` events. */
  readAll(after: string, limit: number): Promise<StoredEvent[]>;
  /**
   * Every event after `position`, each once and in order, first those there are and then those to come, in batches.
   * `caughtUp` is true on a batch (an empty one too) when nothing more was there at that moment. Ends when `signal`
   * aborts; survives a lost server.
   */
  subscribe(after: string, signal: AbortSignal): AsyncIterable<{ events: StoredEvent[]; caughtUp: boolean }>;
  /** Position of the newest event, `beginning` for none. */
  head(): Promise<string>;
  /** Removes these texts and their keys, so that no byte of them stays in the store's files. Idempotent. */
  erase(stream: string, texts: readonly { revision: number; name: string }[]): Promise<void>;
  close(): Promise<void>;
}
