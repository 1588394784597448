/**
 * What the rooms tell of their work to those who run the service. Who listens is up to the settings: metrics, traces, both,
 * or nobody, and then nothing is counted. Never a word of a story; ids of stories in traces alone.
 */

/** Work that is timed. */
export type Work = 'command' | 'append' | 'erase' | 'comparison';
/** What there is of something at the moment. */
export type Level =
  | 'projectionLag'
  | 'projectionFailing'
  | 'erasuresPending'
  | 'streamsOpen'
  | 'comparisonsWaiting'
  | 'requestsOpen';
/** Of a piece of work; values from small sets, for each makes a series of its own. */
export type Facts = Readonly<Record<string, string>>;

/** A request as its head tells it. */
export interface Asked {
  method: string;
  correlationId: string;
  /** W3C Trace Context. */
  traceparent: string | undefined;
  /** A probe or a file: no trace is begun for it. */
  minor: boolean;
}
export interface Answered {
  /** The pattern, never the path: that has words of stories. Absent where none fits. */
  route: string | undefined;
  status: number;
  /** It lasts as long as somebody listens. */
  isStream: boolean;
}
export interface RequestWatched {
  /** What it begins in here belongs to the request. */
  within(go: () => void): void;
  end(answered: Answered): void;
}

/** An event as far as it is told. */
export interface Told {
  story: string;
  revision: number;
  type: string;
  metadata: { correlationId?: string };
}

/** One of lru-cache. */
export type Cache = object & { readonly size: number };

export interface Telemetry {
  /** Gives what `run` gives. `outcomeOf` names by a code how it ended; `ok` without it; what is thrown, by its class. */
  watch<T>(work: Work, facts: Facts, run: () => Promise<T>, outcomeOf?: (result: T) => string): Promise<T>;
  request(asked: Asked): RequestWatched;
  /** A request was answered with a problem of this code. */
  problem(code: string): void;
  /** The store's disk took this long to make a commit durable. */
  synced(seconds: number): void;
  /** So many events have been taken into the views, these of them recorded lately; `began`: milliseconds since 1970. */
  projected(count: number, fresh: readonly Told[], began: number): void;
  /** `read` is asked whenever somebody wants to know. */
  level(level: Level, read: () => number | Promise<number>): void;
  /** Tells of this cache's hits, misses and entries. */
  cache(name: string, cache: Cache): void;
}

/** Under which it is injected. */
export const TELEMETRY = Symbol('telemetry');

/** Tells nobody. */
export const silent: Telemetry = {
  watch: (_work, _facts, run) => run(),
  request: () => ({ within: (go) => go(), end() {} }),
  problem() {},
  synced() {},
  projected() {},
  level() {},
  cache() {},
};

/** How work ended that threw. */
export const failureOf = (error: unknown): string => (error instanceof Error ? error.constructor.name : 'unknown');
