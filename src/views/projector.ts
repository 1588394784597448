/**
 * Follows the log and has the views written: events in log order, in batches. Lost connections and full disks are waited
 * out; nothing is skipped.
 */
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../event-store/log.js';
import { beginning } from '../event-store/port.js';
import type { Opened, RecordedFacts } from '../story/events.js';
import { fromMs } from '../story/instant.js';
import type { Projection } from './projecting.js';

export interface Progress {
  /** Of the last event that is in the views. */
  position: string;
  /** Of the last event of the log; undefined while the log can't say. */
  head?: string;
  /** Everything there was when last looked is in the views. */
  caughtUp: boolean;
  /** How many events this run has projected. */
  events: number;
  /** What it is waiting out now. */
  failing?: string;
}

/** Milliseconds to wait after the first failure; twice as long after each further one. */
const firstWait = 100;
const longestWait = 10_000;

export interface Occasions {
  /** Something failed and will be tried again. `by`: the event that could not be projected, if it was one. */
  onFailure?(error: unknown, by?: Opened): void;
  /** Words have been ordered erased, and the rows no longer hold them. Said once what there is has been read. */
  onErasure?(): void;
  /** Something was told in the public stream. */
  onAnnounced?(): void;
  /** What there is has changed, by these events. `began`: milliseconds since 1970, by the machine's clock. */
  onProjected?(events: readonly Opened[], began: number): void;
}

/** `db` is only read. `clock`: milliseconds since 1970, by which it is told what has come into force. */
export function openProjector(
  db: DatabaseSync,
  projection: Projection,
  log: Log,
  clock: () => number,
  { onFailure, onErasure, onAnnounced, onProjected }: Occasions = {},
) {
  const readCheckpoint = db.prepare(`SELECT position FROM checkpoint`);
  const waiting = new Set<{ position: string; there(isThere: boolean): void }>();
  let caughtUp = false;
  /** Position of the last event that was projected here. */
  let latest = beginning;
  let events = 0;
  let erasureMet = false;
  let writing: Promise<unknown> = Promise.resolve();
  let failing: string | undefined;
  let stopped: { by: Opened; error: unknown } | undefined;

  const reached = () => (readCheckpoint.get()?.position as string | undefined) ?? beginning;
  const now = () => fromMs(clock())!;

  /** Once nobody else writes, and nobody does meanwhile. */
  function inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const done = writing.then(work);
    writing = done.catch(() => {});
    return done;
  }

  async function factsBefore(story: string, revision: number): Promise<RecordedFacts[]> {
    const facts: RecordedFacts[] = [];
    for await (const one of log.readFacts(story)) {
      if (one.revision >= revision) break;
      facts.push(one);
    }
    return facts;
  }

  /** Puts a batch into the views. Events that are there already are passed over. */
  async function project(batch: readonly Opened[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      await projectTogether(batch);
    } catch (error) {
      if (batch.length === 1) {
        stopped = { by: batch[0]!, error };
        throw error;
      }
      // Alone each: as far as it goes, and then it is known where it stops.
      for (const event of batch) await project([event]);
    }
  }

  async function projectTogether(batch: readonly Opened[]): Promise<void> {
    const began = Date.now();
    const past = new Map<string, RecordedFacts[]>();
    for (;;) {
      const done = await inTurn(() => projection.project({ events: batch, now: now(), past }));
      if ('lacking' in done) {
        for (const { story, revision } of done.lacking) past.set(story, await factsBefore(story, revision));
        continue;
      }
      latest = done.position;
      for (const waiter of waiting) if (waiter.position <= done.position) waiter.there(true);
      if (done.events === 0) return;
      events += done.events;
      erasureMet ||= done.erasure;
      onProjected?.(batch.slice(-done.events), began);
      if (done.announced > 0) onAnnounced?.();
      return;
    }
  }

  /** Tells what has come into force by the clock, as every batch does too. */
  async function announce(): Promise<void> {
    if ((await inTurn(() => projection.announce(now()))) > 0) onAnnounced?.();
  }

  function readUpTo(end: boolean): void {
    caughtUp = end;
    if (!end || !erasureMet) return;
    erasureMet = false;
    onErasure?.();
  }

  /** Follows the log until `signal` aborts. Never throws. */
  async function run(signal: AbortSignal): Promise<void> {
    let wait = firstWait;
    while (!signal.aborted) {
      try {
        for await (const batch of log.subscribe(reached(), signal)) {
          await project(batch.events);
          readUpTo(batch.caughtUp);
          failing = undefined;
          wait = firstWait;
        }
        if (signal.aborted) return;
        throw new Error('the log ended its subscription');
      } catch (error) {
        if (signal.aborted) return;
        caughtUp = false;
        failing = error instanceof Error ? error.name : 'unknown';
        onFailure?.(error, stopped && stopped.error === error ? stopped.by : undefined);
        await sleep(wait, undefined, { signal, ref: false }).catch(() => {});
        wait = Math.min(wait * 2, longestWait);
      }
    }
  }

  const state = (): Progress => ({
    position: reached(),
    caughtUp,
    events,
    ...(failing !== undefined && { failing }),
  });

  return {
    project,
    announce,
    run,
    /** As `progress`, without asking the log. */
    state,
    /** Nothing is written while `work` goes on. One at a time. */
    pauseFor: inTurn,
    noteErasedUpTo: (position: string): Promise<void> => inTurn(() => projection.noteErasedUpTo(position)),
    /** Reads the log to its present end. For when nothing runs. */
    async catchUp(onProgress: (progress: Progress) => void = () => {}): Promise<void> {
      const head = await log.head();
      const done = new AbortController();
      for await (const batch of log.subscribe(reached(), done.signal)) {
        await project(batch.events.filter((event) => event.position <= head));
        readUpTo(batch.caughtUp || reached() >= head);
        onProgress({ position: reached(), head, caughtUp, events });
        if (caughtUp) break;
      }
      done.abort();
    },
    async progress(): Promise<Progress> {
      const head = await log.head().catch(() => undefined);
      return { ...state(), ...(head !== undefined && { head }) };
    },
    /** Whether the views hold this position, waiting at most `ms` milliseconds for it. */
    waitFor(position: string, ms: number): Promise<boolean> {
      if (!db.isOpen) return Promise.resolve(false);
      if (latest >= position || reached() >= position) return Promise.resolve(true);
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const timer = setTimeout(() => waiter.there(false), ms);
      const waiter = {
        position,
        there(isThere: boolean) {
          clearTimeout(timer);
          waiting.delete(waiter);
          resolve(isThere);
        },
      };
      waiting.add(waiter);
      return promise;
    },
    /** Tells all who wait that it won't come. */
    stopWaiting(): void {
      for (const waiter of waiting) waiter.there(false);
    },
  };
}
