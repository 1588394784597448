/**
 * Follows the log and keeps the views: events in log order, each batch and the checkpoint in one transaction. Told twice
 * of an event, it passes over it. Lost connections and full disks are waited out; nothing is skipped.
 */
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { WordCounts } from '../compare/types.js';
import { noContent } from '../content/types.js';
import type { Log } from '../event-store/log.js';
import { beginning } from '../event-store/port.js';
import { contentOf, referencesOf } from '../story/content-of.js';
import { factsOfOpened, type Manifest, type Opened } from '../story/events.js';
import { evolve, initialStory, type Story } from '../story/evolve.js';
import type { Comparing } from './comparing.js';
import { projectStory, type SizeOf } from './project.js';
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

/** What counts the words of long changes, by story and version. */
type Long = Map<string, () => Promise<WordCounts>>;

/** With fewer blocks than this a version is hardly long. */
const fewBlocks = 50;
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
}

/** Long changes of one batch whose words are counted at once: bounds what is held of their contents. */
const mostLong = 16;

export function openProjector(
  db: DatabaseSync,
  tables: Tables,
  log: Log,
  comparing: Comparing,
  { onFailure, onErasure }: Occasions = {},
) {
  const readCheckpoint = db.prepare(`SELECT position, story, revision, hash FROM checkpoint`);
  const saveCheckpoint = db.prepare(`
    INSERT INTO checkpoint (id, position, story, revision, hash) VALUES (1, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET
      position = excluded.position, story = excluded.story, revision = excluded.revision, hash = excluded.hash`);
  const stories = new LRUCache<string, Story>({
    maxSize: mostReferences,
    sizeCalculation: ({ versions }) => 20 + versions.length * (20 + (versions.at(-1)?.manifest.body.length ?? 0)),
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
  async function storyBefore(id: string, revision: number): Promise<Story> {
    const known = stories.get(id);
    if (known?.revision === revision - 1) return known;
    let story = initialStory;
    if (revision === 0) return story;
    for await (const facts of log.readFacts(id)) {
      if (facts.revision >= revision) break;
      story = evolve(story, facts);
    }
    return story;
  }

  /** Puts a batch into the views. Events that are there already are passed over. */
  async function project(batch: readonly Opened[]): Promise<void> {
    const counted = new Map<string, WordCounts>();
    if (batch.length === 1) for (const [at, count] of await foreseen(batch[0]!)) counted.set(at, await count());
    for (;;) {
      const long = await attempt(batch, counted);
      if (long.size === 0) return;
      if (long.size > mostLong && batch.length > 1) {
        const half = Math.ceil(batch.length / 2);
        await project(batch.slice(0, half));
        return project(batch.slice(half));
      }
      for (const [at, count] of long) counted.set(at, await count());
    }
  }

  /**
   * What counts the words of the version that an event makes, if they are many, from its texts and those that lie here:
   * so that of a long story, changed now, nothing is projected twice.
   */
  async function foreseen(event: Opened): Promise<Long> {
    const { story: id, revision, texts, textStates, position: place } = event;
    if (place <= position() || event.type === 'TextsErased') return new Map();
    const before = await storyBefore(id, revision);
    const story = evolve(before, factsOfOpened(event));
    const version = story.versions.at(-1);
    if (!version || version.revision !== revision || version.manifest.body.length < fewBlocks) return new Map();
    const contentOfManifest = (manifest: Manifest) => {
      const find = tables.textsOf(id, referencesOf(manifest));
      return contentOf(manifest, (written, name) => {
        if (written !== revision) return find(written, name);
        const state = textStates[name] ?? 'missing';
        return state === 'verified' ? { value: texts[name] } : { absent: state };
      });
    };
    const base = version.base === null ? undefined : story.versions[version.base - 1];
    const was = base ? contentOfManifest(base.manifest) : noContent;
    const found = comparing.sizeForViews(was, contentOfManifest(version.manifest));
    return 'later' in found ? new Map([[`${id}/${version.version}`, found.later]]) : new Map();
  }

  /** Puts it there unless the words of long changes are still to be counted; gives those, and then has done nothing. */
  async function attempt(batch: readonly Opened[], counted: ReadonlyMap<string, WordCounts>): Promise<Long> {
    const long: Long = new Map();
    const sizeOf: SizeOf = (story, version, before, after) => {
      const at = `${story}/${version}`;
      const known = counted.get(at);
      if (known) return known;
      const found = comparing.sizeForViews(before, after);
      if ('made' in found) return found.made;
      long.set(at, found.later);
      return { added: 0, removed: 0 };
    };
    const from = position();
    const fresh = batch.filter((event) => event.position > from);
    const last = fresh.at(-1);
    if (!last) return long;
    const byStory = Map.groupBy(fresh, ({ story }) => story);
    const before = new Map<string, Story>();
    for (const [id, [first]] of byStory) before.set(id, await storyBefore(id, first!.revision));
    await paused;

    const after = new Map<string, Story>();
    let erasure = false;
    db.exec('BEGIN IMMEDIATE');
    try {
      // Another process may have been faster (a command-line command beside the service).
      if (position() !== from) throw new Overtaken();
      for (const [id, told] of byStory) {
        const projected = projectStory(tables, id, before.get(id)!, told, sizeOf);
        after.set(id, projected.story);
        erasure ||= projected.erasure;
      }
      if (long.size > 0) {
        db.exec('ROLLBACK');
        return long;
      }
      saveCheckpoint.run(last.position, last.story, last.revision, last.hash);
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      if (error instanceof Overtaken) return attempt(batch, counted);
      throw error;
    }
    for (const [id, story] of after) stories.set(id, story);
    events += fresh.length;
    erasureMet ||= erasure;
    for (const waiter of waiting) if (waiter.position <= last.position) waiter.there(true);
    return long;
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

  return {
    project,
    run,
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
      return { position: position(), head, caughtUp, events, ...(failing !== undefined && { failing }) };
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
