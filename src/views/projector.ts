/**
 * Follows the log and keeps the views: events in log order, each batch and the checkpoint in one transaction. Told twice
 * of an event, it passes over it. Lost connections and full disks are waited out; nothing is skipped.
 */
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Log } from '../event-store/log.js';
import { beginning } from '../event-store/port.js';
import type { Opened } from '../story/events.js';
import { evolve, initialStory } from '../story/evolve.js';
import { fromMs } from '../story/instant.js';
import { type KnownStory, projectStory } from './project.js';
import type { Tables } from './tables.js';

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

interface Checkpoint {
  position: string;
  story: string;
  revision: number;
  hash: string;
}

/** Milliseconds to wait after the first failure; twice as long after each further one. */
const firstWait = 100;
const longestWait = 10_000;
/** Folded stories kept, by the references in their manifests: some hundred MB at worst. */
const mostReferences = 2_000_000;

export interface Occasions {
  /** Something failed and will be tried again. */
  onFailure?(error: unknown): void;
  /** Words have been ordered erased, and the rows no longer hold them. Said once what there is has been read. */
  onErasure?(): void;
  /** Something was told in the public stream. */
  onAnnounced?(): void;
  /** What there is has changed, by these events. `began`: milliseconds since 1970, by the machine's clock. */
  onProjected?(events: readonly Opened[], began: number): void;
}

/** `clock`: milliseconds since 1970, by which it is told what has come into force. */
export function openProjector(
  db: DatabaseSync,
  tables: Tables,
  log: Log,
  clock: () => number,
  { onFailure, onErasure, onAnnounced, onProjected }: Occasions = {},
) {
  const readCheckpoint = db.prepare(`SELECT position, story, revision, hash FROM checkpoint`);
  const saveCheckpoint = db.prepare(`
    INSERT INTO checkpoint (id, position, story, revision, hash) VALUES (1, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET
      position = excluded.position, story = excluded.story, revision = excluded.revision, hash = excluded.hash`);
  const stories = new LRUCache<string, KnownStory>({
    maxSize: mostReferences,
    sizeCalculation: ({ story: { versions }, authorship }) =>
      20 +
      versions.length * (20 + (versions.at(-1)?.manifest.body.length ?? 0)) +
      (authorship ? authorship.numbers.size * 20 : 0),
  });
  const waiting = new Set<{ position: string; there(isThere: boolean): void }>();
  let caughtUp = false;
  let events = 0;
  let erasureMet = false;
  let paused: Promise<unknown> = Promise.resolve();
  let failing: string | undefined;

  const checkpoint = () => readCheckpoint.get() as unknown as Checkpoint | undefined;
  const position = () => checkpoint()?.position ?? beginning;

  /** The story as it stood before `revision`. */
  async function storyBefore(id: string, revision: number): Promise<KnownStory> {
    const known = stories.get(id);
    if (known?.story.revision === revision - 1) return known;
    let story = initialStory;
    if (revision === 0) return { story };
    for await (const facts of log.readFacts(id)) {
      if (facts.revision >= revision) break;
      story = evolve(story, facts);
    }
    return { story };
  }

  /** Puts a batch into the views. Events that are there already are passed over. */
  async function project(batch: readonly Opened[]): Promise<void> {
    const began = Date.now();
    const from = position();
    const fresh = batch.filter((event) => event.position > from);
    const last = fresh.at(-1);
    if (!last) return;
    const byStory = Map.groupBy(fresh, ({ story }) => story);
    const before = new Map<string, KnownStory>();
    for (const [id, [first]] of byStory) before.set(id, await storyBefore(id, first!.revision));
    await paused;

    const after = new Map<string, KnownStory>();
    let erasure = false;
    let announced = 0;
    db.exec('BEGIN IMMEDIATE');
    try {
      // Another process may have been faster (a command-line command beside the service).
      if (position() !== from) throw new Overtaken();
      for (const [id, told] of byStory) {
        const projected = projectStory(tables, id, before.get(id)!, told);
        after.set(id, projected.known);
        erasure ||= projected.erasure;
      }
      saveCheckpoint.run(last.position, last.story, last.revision, last.hash);
      announced = tables.announceDue(fromMs(clock())!);
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      for (const id of byStory.keys()) stories.delete(id);
      if (error instanceof Overtaken) return project(batch);
      throw error;
    }
    for (const [id, known] of after) stories.set(id, known);
    events += fresh.length;
    erasureMet ||= erasure;
    for (const waiter of waiting) if (waiter.position <= last.position) waiter.there(true);
    onProjected?.(fresh, began);
    if (announced > 0) onAnnounced?.();
  }

  /** Tells what has come into force by the clock, as every batch does too. */
  async function announce(): Promise<void> {
    await paused;
    let announced = 0;
    db.exec('BEGIN IMMEDIATE');
    try {
      announced = tables.announceDue(fromMs(clock())!);
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
    if (announced > 0) onAnnounced?.();
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
        for await (const batch of log.subscribe(position(), signal)) {
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
        onFailure?.(error);
        await sleep(wait, undefined, { signal, ref: false }).catch(() => {});
        wait = Math.min(wait * 2, longestWait);
      }
    }
  }

  const state = (): Progress => ({
    position: position(),
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
    pauseFor<T>(work: () => Promise<T>): Promise<T> {
      const working = work();
      paused = working.catch(() => {});
      return working;
    },
    /** Reads the log to its present end. For when nothing runs. */
    async catchUp(onProgress: (progress: Progress) => void = () => {}): Promise<void> {
      const head = await log.head();
      const done = new AbortController();
      for await (const batch of log.subscribe(position(), done.signal)) {
        await project(batch.events.filter((event) => event.position <= head));
        readUpTo(batch.caughtUp || position() >= head);
        onProgress({ position: position(), head, caughtUp, events });
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
      if ((checkpoint()?.position ?? beginning) >= position) return Promise.resolve(true);
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

/** Someone else has written to these views since we looked. */
class Overtaken extends Error {}
