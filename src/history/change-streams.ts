/**
 * Those who follow the public stream over open connections (server-sent events, WHATWG HTML section 9.2). Each is read for
 * from its own place as fast as it takes what it is sent, so a slow one keeps nothing but its place, and the rest goes on.
 */
import { PassThrough } from 'node:stream';
import type { Followed } from './answers.js';
import type { Following, PublicStream } from './questions.js';

/** Written to a connection ahead of what it takes: one page more than this at most, in bytes. */
const mostAhead = 65_536;
const changesAPage = 20;
/** For clients, in milliseconds. */
const retry = 3_000;

interface Stream extends Omit<Following, 'limit'> {
  out: PassThrough;
  /** Somebody is reading for it. */
  pumping: boolean;
  /** Something may have come meanwhile. */
  again: boolean;
  live: boolean;
  /** Took nothing since the beat before. */
  stalled: boolean;
}

export type ChangeStreams = ReturnType<typeof openChangeStreams>;

export function openChangeStreams(history: Omit<PublicStream, 'placeInStream'>, most: number) {
  const streams = new Set<Stream>();
  /** By address, of those that can be told apart. */
  const places = new Map<string, number>();
  const mostOfOne = Math.ceil(most / 10);
  let closed = false;
  /** What streams at one place read at the same time is read once. */
  let shared: Map<string, Followed> | undefined;

  function read({ place, story, type }: Stream): Followed {
    const key = JSON.stringify([place, story, type]);
    const known = shared?.get(key);
    if (known) return known;
    const followed = history.follow({ place, limit: changesAPage, ...(story && { story }), ...(type && { type }) });
    shared?.set(key, followed);
    return followed;
  }

  /** Sends what there is until the stream's end, or until it is full. */
  async function pump(stream: Stream): Promise<void> {
    stream.again = true;
    if (stream.pumping) return;
    stream.pumping = true;
    const { out } = stream;
    try {
      while (stream.again && !out.writableNeedDrain && out.writable) {
        const { items, place, end } = read(stream);
        for (const { change, cursor } of items) {
          out.write(`id: ${cursor}\nevent: ${change.type}\ndata: ${JSON.stringify(change)}\n\n`);
        }
        stream.place = place;
        stream.again = !end;
        if (end && !stream.live) {
          stream.live = true;
          out.write(': caught up\n\n');
        }
        // A long way to catch up leaves room for others.
        if (!end) await new Promise(setImmediate);
      }
    } catch (error) {
      out.destroy(error as Error);
    } finally {
      stream.pumping = false;
    }
  }

  function leave(from: string): void {
    const left = places.get(from)! - 1;
    if (left > 0) places.set(from, left);
    else places.delete(from);
  }

  function pumpAll(): void {
    shared = new Map();
    for (const stream of streams) void pump(stream);
    shared = undefined;
  }

  return {
    /**
     * What to send to one more; `undefined`: there are as many as may be, in all or `from` one address. `fromNow`: it has
     * no cursor to come back with.
     */
    open(
      following: Omit<Following, 'limit'>,
      { fromNow, from }: { fromNow: boolean; from?: string },
    ): PassThrough | undefined {
      if (closed || streams.size >= most) return undefined;
      const taken = from === undefined ? 0 : (places.get(from) ?? 0);
      if (taken >= mostOfOne) return undefined;
      if (from !== undefined) places.set(from, taken + 1);
      const out = new PassThrough({ highWaterMark: mostAhead });
      const stream: Stream = { ...following, out, pumping: false, again: false, live: false, stalled: false };
      streams.add(stream);
      out.on('drain', () => {
        stream.stalled = false;
        void pump(stream);
      });
      out.on('close', () => {
        streams.delete(stream);
        if (from !== undefined) leave(from);
      });
      // Whoever broke off comes back with the last cursor.
      out.on('error', () => {});
      out.write(`retry: ${retry}\n${fromNow ? `id: ${history.cursorAt(following.place)}\n` : ''}\n`);
      void pump(stream);
      return out;
    },
    count: (): number => streams.size,
    /** There is news. */
    pumpAll,
    /** Every now and then: keeps connections alive, and lets go of those that took nothing since the beat before. */
    beat(): void {
      for (const { out, stalled } of streams) {
        if (out.writableNeedDrain && stalled) out.destroy();
        else if (!out.writableNeedDrain) out.write(':\n\n');
      }
      for (const stream of streams) stream.stalled = stream.out.writableNeedDrain;
      pumpAll();
    },
    close(): void {
      closed = true;
      for (const { out } of streams) out.end();
    },
  };
}
