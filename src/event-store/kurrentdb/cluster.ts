/**
 * The cluster as the store uses it: appends and bounded reads that are tried again until they have an answer or patience
 * is over. The client itself tries nothing again, and its two connections (appends; reads, in a native addon) fail in
 * different ways: both are replaced rather than repaired.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type EventData, KurrentDBClient, type RecordedEvent, type ResolvedEvent } from '@kurrent/kurrentdb-client';
import { StoreRefused, StoreUnavailable, WrongExpectedRevision } from '../port.js';

/** All in milliseconds. */
export interface Patience {
  /** For one attempt to append. */
  append: number;
  /** For the next part of what is read. */
  read: number;
  /** For a call with all its attempts. */
  call: number;
  /** After the first failure; twice as long after each further one, up to `longestWait`. */
  firstWait: number;
  longestWait: number;
}
export const patience: Patience = { append: 5_000, read: 5_000, call: 25_000, firstWait: 50, longestWait: 2_000 };

/** An event as it is read, its data as bytes. */
export type Recorded = Omit<RecordedEvent, 'data' | 'position'> & {
  data: Uint8Array;
  position: { commit: bigint; prepare: bigint };
};

export type Cluster = ReturnType<typeof openCluster>;

/**
 * Appends under way on one connection. The client queues what the connection does not take at once, 16 messages, and
 * when that breaks, rejects what is queued where nobody can catch it, which ends the process.
 */
const mostUnderWay = 15;
const lanes = 4;

export function openCluster(address: string, { append, read, call, firstWait, longestWait } = patience) {
  const connect = () => clientOf(address);
  const newLane = () => ({ client: connect(), underWay: 0 });
  const writers = [newLane()];
  const waiting: (() => void)[] = [];
  let reader = connect();

  const letGo = (client: KurrentDBClient) => void client.dispose().catch(() => {});

  async function tryAgain<T>(attempt: () => Promise<T>): Promise<T> {
    const end = performance.now() + call;
    for (let wait = firstWait; ; wait = Math.min(wait * 2, longestWait)) {
      try {
        return await attempt();
      } catch (error) {
        const lasting = lastingError(error);
        if (lasting) throw lasting;
        if (performance.now() + wait > end) throw unavailable(error);
        await sleep(jittered(wait));
      }
    }
  }

  async function onLane<T>(work: (client: KurrentDBClient) => Promise<T>): Promise<T> {
    const freest = () => writers.reduce((best, lane) => (lane.underWay < best.underWay ? lane : best));
    while (freest().underWay >= mostUnderWay) {
      if (writers.length < lanes) writers.push(newLane());
      else await new Promise<void>((go) => waiting.push(go));
    }
    const lane = freest();
    const { client } = lane;
    lane.underWay++;
    try {
      return await work(client);
    } catch (error) {
      // What a client has learned wrong of a server (its features, a leader that is gone) it may keep for ever.
      if (lane.client === client && !lastingError(error) && typeOf(error) !== 'not-leader') {
        lane.client = connect();
        letGo(client);
      }
      throw error;
    } finally {
      lane.underWay--;
      waiting.shift()?.();
    }
  }

  return {
    /**
     * At `expected` + 1; `any` for wherever it ends. Every attempt sends the very same events, so what was written by one
     * whose answer was lost is known again. Throws WrongExpectedRevision, StoreUnavailable, StoreRefused.
     */
    append(stream: string, expected: number | 'any', events: EventData[], mayStill = () => true): Promise<void> {
      const streamState = expected === 'any' ? 'any' : expected < 0 ? 'no_stream' : BigInt(expected);
      return tryAgain(async () => {
        if (!mayStill()) throw new StoreUnavailable('this append was held up for too long');
        try {
          // A server compares the deadline with its own clock, which may be far ahead of this one.
          await onLane((client) =>
            within(append, client.appendToStream(stream, events, { streamState, deadline: day })),
          );
        } catch (error) {
          if (typeOf(error) !== 'wrong-expected-version') throw error;
          const { actualState } = error as unknown as { actualState: bigint | 'no_stream' };
          const actual = typeof actualState === 'bigint' ? Number(actualState) : -1;
          throw new WrongExpectedRevision(stream, expected === 'any' ? actual : expected, actual);
        }
      });
    },
    /** A bounded read, whole or not at all; nothing for a stream that is not there. Throws StoreUnavailable, StoreRefused. */
    read(ask: (client: KurrentDBClient) => AsyncIterable<ResolvedEvent>): Promise<Recorded[]> {
      return tryAgain(async () => {
        const client = reader;
        try {
          return await collected(ask(client), read);
        } catch (error) {
          if (typeOf(error) === 'stream-not-found') return [];
          // After its server has gone away a client reads nothing any more; a new one does at once.
          if (reader === client && !lastingError(error)) {
            reader = connect();
            letGo(client);
          }
          throw error;
        }
      });
    },
    /** A client for one subscription; its user disposes of it. */
    connect,
    close(): void {
      for (const { client } of writers) letGo(client);
      letGo(reader);
    },
  };
}

const day = 24 * 60 * 60 * 1000;

/** Between half and all of it, so that nodes do not come back in step. */
export const jittered = (wait: number): number => wait * (0.5 + Math.random() / 2);

/** Throws StoreRefused for a user or password that is escaped: the half of the client that reads sends it as it stands. */
export function refuseEscaped(address: string): void {
  if (!/^[^/]*\/\/[^@/]*%[^@/]*@/.test(address)) return;
  throw new StoreRefused(
    'no-access',
    'a user and a password of KurrentDB may have letters, digits and - . _ ~ only: what needs escaping does not arrive',
  );
}

/** Throws StoreRefused for what is no address; says nothing of it, for it may hold a password. */
function clientOf(address: string): KurrentDBClient {
  refuseEscaped(address);
  const separator = address.includes('?') ? '&' : address.endsWith('/') ? '?' : '/?';
  const isTold = /[?&]nodePreference=/i.test(address);
  try {
    return KurrentDBClient.connectionString(isTold ? address : `${address}${separator}nodePreference=leader`);
  } catch (error) {
    const { message } = error as Error;
    const why = /certificate|userCertFile/.test(message) ? message : 'it is not a connection string';
    throw new StoreRefused('no-access', `the address of KurrentDB in PALIMPSEST_STORE cannot be used: ${why}`);
  }
}

export const typeOf = (error: unknown): string | undefined => (error as { type?: string } | null)?.type;

/** What no further attempt would change. */
export function lastingError(error: unknown): Error | undefined {
  if (error instanceof WrongExpectedRevision || error instanceof StoreRefused) return error;
  if (error instanceof StoreUnavailable || error instanceof RangeError) return error;
  switch (typeOf(error)) {
    case 'wrong-expected-version':
    case 'stream-not-found':
      return error as Error;
    case 'access-denied':
      return new StoreRefused(
        'no-access',
        'KurrentDB refuses this user. It has to read $all, and to read and write the streams story-…, texts-… and palimpsest-….',
      );
    case 'maximum-append-size-exceeded':
    case 'append-record-size-exceeded':
    case 'transaction-max-size-exceeded':
      return new StoreRefused('too-large', 'this change is more than the server takes in one append');
    case 'stream-deleted':
    case 'stream-tombstoned':
      return new StoreRefused('damaged', 'a stream of the event store was deleted in KurrentDB. Restore a backup.');
    default:
      return undefined;
  }
}

const unavailable = (cause: unknown) =>
  new StoreUnavailable(
    `KurrentDB does not answer: ${(cause as Error | null)?.message || typeOf(cause) || 'no reason given'}`,
    {
      cause,
    },
  );

class TookTooLong extends Error {
  override name = 'TookTooLong';
  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
  }
}

/** The client's own time-outs have no effect on a server that has stopped answering. */
export async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  const over = Promise.withResolvers<never>();
  const timer = setTimeout(() => over.reject(new TookTooLong(ms)), ms);
  try {
    return await Promise.race([answer, over.promise]);
  } finally {
    clearTimeout(timer);
    answer.catch(() => {});
  }
}

async function collected(source: AsyncIterable<ResolvedEvent>, ms: number): Promise<Recorded[]> {
  const events: Recorded[] = [];
  const reading = source[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await within(ms, reading.next());
    if (done) return events;
    if (value.event) events.push(value.event as unknown as Recorded);
  }
}
