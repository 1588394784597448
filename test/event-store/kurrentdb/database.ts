/**
 * What the stand-in for a KurrentDB server knows and how it judges: streams, one log, idempotency, truncation. As seen on
 * real servers; no network here (server.ts has that). Outlives the server, as a disk does.
 */

export interface Proposed {
  id: string;
  type: string;
  contentType: string;
  data: Uint8Array;
  metadata: Uint8Array;
}

export interface Recorded extends Proposed {
  stream: string;
  revision: number;
  /** Commit and prepare position: they are one for all that is written by these clients. */
  position: bigint;
  /** Milliseconds since 1970. */
  created: number;
}

export type Expected = number | 'any' | 'stream-exists';
export type Appended =
  | { written: true; revision: number; position: bigint }
  | { actual: number }
  | { tooLarge: number }
  | { deleted: true };

/** Bytes of one call, as the versions up to 24.10 have it. */
const mostBytes = 1024 * 1024;
const truncateAll = Number.MAX_SAFE_INTEGER;

export interface Database {
  append(stream: string, expected: Expected, events: readonly Proposed[]): Appended;
  /** As a soft deletion does. */
  softDelete(stream: string): bigint;
  tombstone(stream: string): bigint;
  isTombstoned(stream: string): boolean;
  /** What may be read of a stream, oldest first; undefined where there is none (any more). */
  stream(name: string): readonly Recorded[] | undefined;
  /** Everything that still lies there, truncated or not, oldest first. */
  readonly log: readonly Recorded[];
  /** Takes away what is truncated, but never a stream's last event. */
  scavenge(): void;
  /** Called after every append, until it is called off. */
  onAppend(listener: () => void): () => void;
  /** Milliseconds since 1970. */
  clock: () => number;
}

export function newDatabase(): Database {
  let log: Recorded[] = [];
  const streams = new Map<string, Recorded[]>();
  const tombstones = new Set<string>();
  /** By stream and id: what a server keeps of recent commits, for appends that expect nothing. */
  const recent = new Map<string, number>();
  const listeners = new Set<() => void>();
  let end = 0n;

  const lastOf = (stream: string): number => streams.get(stream)?.at(-1)?.revision ?? -1;

  function truncateBefore(stream: string): number {
    const said = streams.get(`$$${stream}`)?.at(-1);
    return said ? (JSON.parse(new TextDecoder().decode(said.data)).$tb ?? 0) : 0;
  }

  function isExpected(stream: string, expected: Expected): boolean {
    const last = lastOf(stream);
    if (expected === 'any') return true;
    if (expected === 'stream-exists') return last >= 0;
    if (expected === -1 && truncateBefore(stream) > last) return true; // soft-deleted: there again for who expects none
    return last === expected;
  }

  function alreadyThere(
    stream: string,
    expected: Expected,
    events: readonly Proposed[],
  ): { last: Recorded } | undefined {
    const all = streams.get(stream) ?? [];
    const first = typeof expected === 'number' ? expected + 1 : recent.get(`${stream} ${events[0]!.id}`);
    if (first === undefined) return undefined;
    const from = all.findIndex(({ revision }) => revision === first);
    if (from < 0) return undefined;
    const there = events.every(({ id }, index) => all[from + index]?.id === id);
    return there ? { last: all[from + events.length - 1]! } : undefined;
  }

  function write(stream: string, events: readonly Proposed[], created: number): Recorded {
    const all = streams.get(stream) ?? [];
    streams.set(stream, all);
    let revision = lastOf(stream);
    for (const event of events) {
      const recorded = { ...event, stream, revision: ++revision, position: end, created };
      end += BigInt(97 + event.data.length + event.metadata.length);
      all.push(recorded);
      log.push(recorded);
      recent.set(`${stream} ${event.id}`, revision);
    }
    for (const listener of listeners) listener();
    return all.at(-1)!;
  }

  function setTruncateBefore(stream: string, revision: number): bigint {
    const data = new TextEncoder().encode(JSON.stringify({ $tb: revision }));
    const event = { id: crypto.randomUUID(), type: '$metadata', contentType: 'application/json', data };
    return write(`$$${stream}`, [{ ...event, metadata: new Uint8Array() }], database.clock()).position;
  }

  const database: Database = {
    append(stream, expected, events) {
      if (tombstones.has(stream)) return { deleted: true };
      const size = events.reduce(
        (sum, { data, metadata, type }) => sum + data.length + metadata.length + type.length,
        0,
      );
      if (size > mostBytes) return { tooLarge: mostBytes };
      if (expected === 'any' || !isExpected(stream, expected)) {
        const there = alreadyThere(stream, expected, events);
        if (there) return { written: true, revision: there.last.revision, position: there.last.position };
        if (expected !== 'any') return { actual: lastOf(stream) };
      }
      const { revision, position } = write(stream, events, database.clock());
      return { written: true, revision, position };
    },
    softDelete: (stream) => setTruncateBefore(stream, truncateAll),
    tombstone(stream) {
      tombstones.add(stream);
      return end;
    },
    isTombstoned: (stream) => tombstones.has(stream),
    stream(name) {
      const all = streams.get(name);
      if (!all || tombstones.has(name)) return undefined;
      const from = truncateBefore(name);
      const left = all.filter(({ revision }) => revision >= from);
      return left.length > 0 ? left : undefined;
    },
    get log() {
      return log;
    },
    scavenge() {
      const isKept = ({ stream, revision }: Recorded) =>
        !tombstones.has(stream) && (revision >= truncateBefore(stream) || revision === lastOf(stream));
      log = log.filter(isKept);
      for (const [name, all] of streams) streams.set(name, all.filter(isKept));
    },
    onAppend(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clock: Date.now,
  };
  return database;
}
